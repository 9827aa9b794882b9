//! Fonts of the documents: which files, which face in them, which glyph a character has.
//!
//! Order (`handbook 17 §13`), for each character anew: the configured fonts, the system's Noto Sans and Noto Serif CJK, and
//! the embedded subset, so that a fresh machine prints too. The subset holds GB 2312 and the General Standard Table
//! (通用规范汉字表) in one weight; `fonts/README.md` tells how it is made. A character that none of them has is refused by
//! name, because an empty box in a name is worse than no document.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use krilla::text::Font;
use skrifa::MetadataProvider as _;
use skrifa::raw::FileRef;
use skrifa::string::StringId;

/// Font files that a centre configures (字体设置). What is not set is looked for in the system.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FontFiles {
    /// The font of all text, in place of the system's.
    pub text: Option<PathBuf>,
    /// Further fonts for characters that the font of the text does not have, tried in order: rare characters of names
    /// (生僻字).
    pub rare: Vec<PathBuf>,
}

/// Why a font cannot be used: its file cannot be read, or is no font.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("字体文件无法使用：{0}")]
pub struct FontError(String);

/// A style of text in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Style {
    Sans,
    SansBold,
    Serif,
    SerifBold,
}

/// For each style, in its order: the names of its files in the system, and of the face in a collection.
const SYSTEM: [(&[&str], &[&str]); 4] = [
    (
        &["NotoSansCJK-Regular.ttc", "NotoSansCJKsc-Regular.otf", "NotoSansSC-Regular.otf", "SourceHanSansSC-Regular.otf"],
        &["Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC"],
    ),
    (
        &["NotoSansCJK-Bold.ttc", "NotoSansCJKsc-Bold.otf", "NotoSansSC-Bold.otf", "SourceHanSansSC-Bold.otf"],
        &["Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC"],
    ),
    (
        &["NotoSerifCJK-Regular.ttc", "NotoSerifCJKsc-Regular.otf", "NotoSerifSC-Regular.otf", "SourceHanSerifSC-Regular.otf"],
        &["Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC"],
    ),
    (
        &["NotoSerifCJK-Bold.ttc", "NotoSerifCJKsc-Bold.otf", "NotoSerifSC-Bold.otf", "SourceHanSerifSC-Bold.otf"],
        &["Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC"],
    ),
];

/// Folders in which systems keep fonts.
const FOLDERS: &[&str] = &["/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "C:\\Windows\\Fonts"];

/// The embedded subset, under the Open Font License: see `fonts/README.md`.
static EMBEDDED: &[u8] = include_bytes!("../../fonts/AnjuSansSubset-Regular.otf");

/// The fonts of the documents (字体). Cheap to clone; a file is read at first use and kept.
#[derive(Debug, Clone)]
pub struct Fonts(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// The face of each style, in the order of [`SYSTEM`].
    styles: [Arc<Slot>; 4],
    /// Where a character is looked for that the face of its style does not have, in this order. The embedded one ends it.
    others: Vec<Arc<Slot>>,
}

/// Where a face comes from.
#[derive(Debug)]
enum Source {
    File { path: PathBuf, names: &'static [&'static str] },
    Embedded,
}

#[derive(Debug)]
struct Slot {
    source: Source,
    face: OnceLock<Result<Face, FontError>>,
}

/// The bytes of a font: of a file, or of the program itself.
type Bytes = Arc<dyn AsRef<[u8]> + Send + Sync>;

/// A face that was read.
pub(crate) struct Face {
    /// For the PDF writer.
    pub(crate) font: Font,
    bytes: Bytes,
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
    fn read(source: &Source) -> Result<Self, FontError> {
        let unusable = || {
            FontError(match source {
                Source::File { path, .. } => path.display().to_string(),
                Source::Embedded => "内置字体".to_owned(),
            })
        };
        let (bytes, names): (Bytes, &[&str]) = match source {
            Source::File { path, names } => (Arc::new(std::fs::read(path).map_err(|_| unusable())?), names),
            Source::Embedded => (Arc::new(EMBEDDED), &[]),
        };
        let index = face_index((*bytes).as_ref(), names).ok_or_else(unusable)?;
        let font = Font::new(Arc::clone(&bytes).into(), index).ok_or_else(unusable)?;
        let units = font.units_per_em();
        Ok(Self { font, bytes, index, units })
    }

    fn look(&self) -> Option<skrifa::FontRef<'_>> {
        skrifa::FontRef::from_index((*self.bytes).as_ref(), self.index).ok()
    }

    /// The glyphs of a text up to the first character that the face does not have, with what is left of the text.
    pub(crate) fn glyphs<'t>(&self, text: &'t str) -> (Vec<FaceGlyph>, &'t str) {
        let Some(font) = self.look() else { return (Vec::new(), text) };
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
        self.look().is_some_and(|font| font.charmap().map(c).is_some_and(|id| id.to_u32() != 0))
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

impl Default for Fonts {
    /// The system's fonts and the embedded one.
    fn default() -> Self {
        Self::over(Vec::new(), None, &system_folders())
    }
}

impl Fonts {
    /// The configured fonts, then the system's, then the embedded one. The configured ones are read at once, so that a wrong
    /// file is told at start-up and not at the first receipt.
    ///
    /// # Errors
    /// [`FontError`] with the path when a configured file cannot be read or is no font.
    pub fn find(files: &FontFiles) -> Result<Self, FontError> {
        Self::find_in(files, &system_folders())
    }

    /// [`Fonts::find`] with other folders in place of the system's; without any, the embedded font alone follows.
    ///
    /// # Errors
    /// As [`Fonts::find`].
    pub fn find_in(files: &FontFiles, folders: &[PathBuf]) -> Result<Self, FontError> {
        let read = |path: &PathBuf| {
            let slot = Slot::new(Source::File { path: path.clone(), names: &[] });
            slot.face().map(|_| Arc::clone(&slot))
        };
        let text = files.text.as_ref().map(read).transpose()?;
        Ok(Self::over(files.rare.iter().map(read).collect::<Result<_, _>>()?, text, folders))
    }

    fn over(rare: Vec<Arc<Slot>>, text: Option<Arc<Slot>>, folders: &[PathBuf]) -> Self {
        let mut installed = Vec::new();
        for folder in folders {
            list(folder, 4, &mut installed);
        }
        let system = SYSTEM.map(|(files, names)| {
            let path = files.iter().find_map(|file| installed.iter().find(|path| path.file_name().is_some_and(|found| found == *file)));
            path.map(|path| Slot::new(Source::File { path: path.clone(), names }))
        });
        let embedded = Slot::new(Source::Embedded);
        // A missing bold or serif face falls back to the next best: the words matter more than their weight.
        let or = |choices: &[&Option<Arc<Slot>>]| choices.iter().find_map(|slot| (*slot).clone()).unwrap_or_else(|| embedded.clone());
        let [sans, sans_bold, serif, serif_bold] = &system;
        let styles = [or(&[&text, sans]), or(&[&text, sans_bold, sans]), or(&[&text, serif, sans]), or(&[&text, serif_bold, serif, sans])];
        let others = rare.into_iter().chain(system.into_iter().flatten()).chain([embedded]).collect();
        Self(Arc::new(Inner { styles, others }))
    }

    /// The face of a style, read at first use. A file of the system that has gone bad gives way to the embedded font.
    pub(crate) fn face(&self, style: Style) -> Result<&Face, FontError> {
        let own = self.0.styles[style as usize].face();
        own.or_else(|error| self.0.others.last().map_or(Err(error), |embedded| embedded.face()))
    }

    /// A face that has the character: those of the styles, the fonts for rare characters, the system's, the embedded one.
    pub(crate) fn face_with(&self, c: char) -> Option<&Face> {
        self.0.styles.iter().chain(&self.0.others).filter_map(|slot| slot.face().ok()).find(|face| face.has(c))
    }

    /// The first character of a text that no font has, for a check before a document is made.
    pub fn missing(&self, text: &str) -> Option<char> {
        text.chars().find(|c| !c.is_control() && self.face_with(*c).is_none())
    }
}

impl Slot {
    fn new(source: Source) -> Arc<Self> {
        Arc::new(Self { source, face: OnceLock::new() })
    }

    fn face(&self) -> Result<&Face, FontError> {
        self.face.get_or_init(|| Face::read(&self.source)).as_ref().map_err(Clone::clone)
    }
}

fn system_folders() -> Vec<PathBuf> {
    FOLDERS.iter().map(PathBuf::from).collect()
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

    fn names(fonts: &Fonts, style: Style) -> Vec<String> {
        let font = fonts.face(style).expect("a face").look().expect("a font");
        font.localized_strings(StringId::FAMILY_NAME).map(|name| name.to_string()).collect()
    }

    #[test]
    fn without_fonts_every_style_is_the_embedded_one_under_its_own_name() {
        let fonts = Fonts::find_in(&FontFiles::default(), &[]).expect("the embedded font");
        for style in [Style::Sans, Style::SansBold, Style::Serif, Style::SerifBold] {
            assert_eq!(names(&fonts, style), ["Anju Sans Subset"]);
        }
    }

    #[test]
    fn a_configured_font_wins_over_the_system() {
        let text = Some(PathBuf::from("fonts/AnjuSansSubset-Regular.otf"));
        let fonts = Fonts::find(&FontFiles { text, ..FontFiles::default() }).expect("the configured font");
        assert_eq!(names(&fonts, Style::SerifBold), ["Anju Sans Subset"]);
        // What it lacks comes from the system.
        assert_eq!(fonts.missing("𠮷"), None);
        assert!(names(&Fonts::default(), Style::SerifBold).contains(&"Noto Serif CJK SC".to_owned()));
    }

    #[test]
    fn a_configured_file_that_is_no_font_is_named() {
        let path = PathBuf::from("Cargo.toml");
        for files in [FontFiles { text: Some(path.clone()), ..FontFiles::default() }, FontFiles { rare: vec![path.clone()], text: None }] {
            assert_eq!(Fonts::find_in(&files, &[]).expect_err("no font").to_string(), "字体文件无法使用：Cargo.toml");
        }
    }

    #[test]
    fn a_system_file_that_went_bad_gives_way_to_the_embedded_font() {
        let folder = std::env::temp_dir().join(format!("anju-fonts-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a temporary folder");
        std::fs::write(folder.join("NotoSansCJK-Regular.ttc"), "no font").expect("a file");
        let fonts = Fonts::find_in(&FontFiles::default(), std::slice::from_ref(&folder)).expect("fonts");
        assert_eq!(names(&fonts, Style::Sans), ["Anju Sans Subset"]);
        std::fs::remove_dir_all(&folder).expect("the folder goes");
    }
}
