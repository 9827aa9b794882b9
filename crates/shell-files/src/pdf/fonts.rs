//! Fonts of the documents: which files, which face in them, which glyph a character has.
//!
//! Order (`handbook 17 §13`): a configured font, then the system's Noto Sans and Noto Serif CJK. The third step of the
//! handbook, an embedded subset, is left out: the subsets at hand lack a thousand common characters and every rare one of
//! names, and a document that cannot print a name must not be made. Without a font the error says which package to
//! install.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use krilla::text::Font;
use skrifa::MetadataProvider as _;
use skrifa::raw::FileRef;
use skrifa::string::StringId;

/// Font files that a centre configures (字体设置). What is not set is looked for in the system.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FontFiles {
    /// Sans face for labels and figures (黑体).
    pub sans: Option<PathBuf>,
    /// Bold sans face.
    pub sans_bold: Option<PathBuf>,
    /// Serif face for titles and amounts in words (宋体).
    pub serif: Option<PathBuf>,
    /// Bold serif face.
    pub serif_bold: Option<PathBuf>,
    /// Further fonts for characters that the faces above do not have, tried in order: rare characters of names (生僻字).
    pub rare: Vec<PathBuf>,
}

/// Why no font can be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FontError {
    /// Neither a configured nor a system font was found.
    #[error(
        "没有找到中文字体，单据无法打印。请安装 fonts-noto-cjk（Debian、Ubuntu：apt-get install fonts-noto-cjk），或在设置中指定字体文件"
    )]
    NotInstalled,
    /// A font file cannot be read or is no font.
    #[error("字体文件无法使用：{0}")]
    Unusable(String),
}

/// A style of text in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Style {
    Sans,
    SansBold,
    Serif,
    SerifBold,
}

/// The names of the files of a style in the system, and of the face in a collection.
const SYSTEM: [(Style, &[&str], &[&str]); 4] = [
    (
        Style::Sans,
        &["NotoSansCJK-Regular.ttc", "NotoSansCJKsc-Regular.otf", "NotoSansSC-Regular.otf", "SourceHanSansSC-Regular.otf"],
        &["Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC"],
    ),
    (
        Style::SansBold,
        &["NotoSansCJK-Bold.ttc", "NotoSansCJKsc-Bold.otf", "NotoSansSC-Bold.otf", "SourceHanSansSC-Bold.otf"],
        &["Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC"],
    ),
    (
        Style::Serif,
        &["NotoSerifCJK-Regular.ttc", "NotoSerifCJKsc-Regular.otf", "NotoSerifSC-Regular.otf", "SourceHanSerifSC-Regular.otf"],
        &["Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC"],
    ),
    (
        Style::SerifBold,
        &["NotoSerifCJK-Bold.ttc", "NotoSerifCJKsc-Bold.otf", "NotoSerifSC-Bold.otf", "SourceHanSerifSC-Bold.otf"],
        &["Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC"],
    ),
];

/// Folders in which systems keep fonts.
const FOLDERS: &[&str] = &["/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "C:\\Windows\\Fonts"];

/// The fonts of the documents (字体). Cheap to clone; the files are read at first use and kept.
#[derive(Debug, Clone)]
pub struct Fonts(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    faces: [Slot; 4],
    rare: Vec<Slot>,
}

#[derive(Debug)]
struct Slot {
    path: PathBuf,
    names: &'static [&'static str],
    face: OnceLock<Result<Face, FontError>>,
}

/// A face that was read.
pub(crate) struct Face {
    /// For the PDF writer.
    pub(crate) font: Font,
    bytes: Arc<Vec<u8>>,
    index: u32,
    units: f32,
}

impl std::fmt::Debug for Face {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Face {{ index: {} }}", self.index)
    }
}

/// A glyph of a face with its advance in parts of the font size.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FaceGlyph {
    pub(crate) id: u32,
    pub(crate) advance: f32,
}

impl Face {
    fn read(path: &Path, names: &[&str]) -> Result<Self, FontError> {
        let unusable = || FontError::Unusable(path.display().to_string());
        let bytes = Arc::new(std::fs::read(path).map_err(|_| unusable())?);
        let index = face_index(&bytes, names).ok_or_else(unusable)?;
        let font = Font::new(Arc::clone(&bytes).into(), index).ok_or_else(unusable)?;
        let units = font.units_per_em();
        Ok(Self { font, bytes, index, units })
    }

    /// The glyphs of a text up to the first character that the face does not have, with what is left of the text.
    pub(crate) fn glyphs<'t>(&self, text: &'t str) -> (Vec<FaceGlyph>, &'t str) {
        let Ok(font) = skrifa::FontRef::from_index(&self.bytes, self.index) else { return (Vec::new(), text) };
        let characters = font.charmap();
        let metrics = font.glyph_metrics(skrifa::instance::Size::unscaled(), skrifa::instance::LocationRef::default());
        let mut glyphs = Vec::with_capacity(text.len() / 2);
        for (at, c) in text.char_indices() {
            match characters.map(c).filter(|id| id.to_u32() != 0) {
                Some(id) => {
                    glyphs.push(FaceGlyph { id: id.to_u32(), advance: metrics.advance_width(id).unwrap_or(self.units) / self.units })
                }
                None => return (glyphs, &text[at..]),
            }
        }
        (glyphs, "")
    }

    fn has(&self, c: char) -> bool {
        skrifa::FontRef::from_index(&self.bytes, self.index).is_ok_and(|font| font.charmap().map(c).is_some_and(|id| id.to_u32() != 0))
    }
}

/// The face of a collection with one of these family names; the first face of a file that is no collection.
fn face_index(bytes: &[u8], names: &[&str]) -> Option<u32> {
    match FileRef::new(bytes).ok()? {
        FileRef::Font(_) => Some(0),
        FileRef::Collection(collection) => {
            let wanted = (0..collection.len()).find(|index| {
                collection.get(*index).is_ok_and(|font| {
                    font.localized_strings(StringId::FAMILY_NAME)
                        .chain(font.localized_strings(StringId::TYPOGRAPHIC_FAMILY_NAME))
                        .any(|name| names.contains(&name.to_string().as_str()))
                })
            });
            Some(wanted.unwrap_or(0))
        }
    }
}

impl Fonts {
    /// Finds the fonts: configured files first, then the system's. The sans face is read at once, so that a missing package
    /// is told at start-up and not at the first receipt.
    ///
    /// # Errors
    /// [`FontError::NotInstalled`] when no sans face is found, [`FontError::Unusable`] when a configured file is no font.
    pub fn find(files: &FontFiles) -> Result<Self, FontError> {
        let folders: Vec<PathBuf> = FOLDERS.iter().map(PathBuf::from).collect();
        Self::find_in(files, &folders)
    }

    /// [`Fonts::find`] with other folders in place of the system's.
    ///
    /// # Errors
    /// As [`Fonts::find`].
    pub fn find_in(files: &FontFiles, folders: &[PathBuf]) -> Result<Self, FontError> {
        let mut installed = Vec::new();
        for folder in folders {
            list(folder, 4, &mut installed);
        }
        let system = |names: &[&str]| -> Option<PathBuf> {
            names.iter().find_map(|name| installed.iter().find(|path| path.file_name().is_some_and(|found| found == *name)).cloned())
        };
        let configured = |style: Style| match style {
            Style::Sans => &files.sans,
            Style::SansBold => &files.sans_bold,
            Style::Serif => &files.serif,
            Style::SerifBold => &files.serif_bold,
        };
        let found: Vec<Option<PathBuf>> =
            SYSTEM.iter().map(|(style, names, _)| configured(*style).clone().or_else(|| system(names))).collect();
        let sans = found[0].clone().ok_or(FontError::NotInstalled)?;
        // A missing bold or serif face falls back to the next best: the words matter more than their weight.
        let or =
            |first: &Option<PathBuf>, second: &Option<PathBuf>| first.clone().or_else(|| second.clone()).unwrap_or_else(|| sans.clone());
        let paths = [sans.clone(), or(&found[1], &None), or(&found[2], &None), or(&found[3], &found[2])];
        let mut at = 0;
        let faces = paths.map(|path| {
            let names = SYSTEM[at].2;
            at += 1;
            Slot { path, names, face: OnceLock::new() }
        });
        let rare = files.rare.iter().map(|path| Slot { path: path.clone(), names: &[], face: OnceLock::new() }).collect();
        let fonts = Self(Arc::new(Inner { faces, rare }));
        fonts.face(Style::Sans)?;
        Ok(fonts)
    }

    /// The face of a style, read at first use.
    pub(crate) fn face(&self, style: Style) -> Result<&Face, FontError> {
        let at = match style {
            Style::Sans => 0,
            Style::SansBold => 1,
            Style::Serif => 2,
            Style::SerifBold => 3,
        };
        self.0.faces[at].face()
    }

    /// A face that has the character: the other faces, then the fonts for rare characters.
    pub(crate) fn face_with(&self, c: char) -> Option<&Face> {
        self.0.faces.iter().chain(&self.0.rare).filter_map(|slot| slot.face().ok()).find(|face| face.has(c))
    }

    /// The first character of a text that no font has, for a check before a document is made.
    pub fn missing(&self, text: &str) -> Option<char> {
        text.chars().find(|c| !c.is_control() && self.face_with(*c).is_none())
    }
}

impl Slot {
    fn face(&self) -> Result<&Face, FontError> {
        self.face.get_or_init(|| Face::read(&self.path, self.names)).as_ref().map_err(Clone::clone)
    }
}

/// Font files under a folder, a few levels deep. A folder that is not there holds none.
fn list(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut paths: Vec<PathBuf> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
    // The order of a folder is the file system's; ours must not depend on it.
    paths.sort();
    for path in paths {
        if path.is_dir() {
            if depth > 0 {
                list(&path, depth - 1, found);
            }
        } else if path.extension().is_some_and(|end| end == "ttc" || end == "otf" || end == "ttf") {
            found.push(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_fonts_the_error_names_the_package() {
        let error = Fonts::find_in(&FontFiles::default(), &[]).expect_err("no folder, no font");
        assert_eq!(error, FontError::NotInstalled);
        assert!(error.to_string().contains("fonts-noto-cjk"));
    }

    #[test]
    fn a_configured_file_that_is_no_font_is_named() {
        let files = FontFiles { sans: Some(PathBuf::from("Cargo.toml")), ..FontFiles::default() };
        assert_eq!(Fonts::find_in(&files, &[]).expect_err("no font"), FontError::Unusable("Cargo.toml".to_owned()));
    }
}
