//! Material on pages (材料): one upload a piece of the list, what is there, what is missing.

use std::collections::BTreeMap;

use shell_pipeline::materials::{Material, MaterialList, missing};
use shell_store::views::cases::Attachment;

use crate::app::App;
use crate::attachments;
use crate::ui::Text;
use crate::ui::field::{Field, Kind};
use crate::ui::problems::Problem;
use crate::words;

/// What a browser offers to choose from; what is taken is told by content.
const ACCEPT: &str = ".pdf,.jpg,.jpeg,.png,.ofd";

/// One upload a piece, and one for whatever else there is. `held` is what is there already: piece and name.
pub(crate) fn fields(app: &App, list: &[Material], held: &[(String, String)], errors: &BTreeMap<String, Text>) -> Vec<Field> {
    let there = |code: &str| held.iter().filter(|(of, _)| of == code).map(|(_, name)| name.as_str()).collect::<Vec<_>>().join("、");
    let mut all = Vec::new();
    for m in list {
        let name = format!("material-{}", m.code);
        let got = there(&m.code);
        let asked = [m.form.clone().unwrap_or_default(), format!("{} 份", m.copies), m.when.clone().unwrap_or_default()];
        let asked = asked.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
        let hint = if got.is_empty() { asked } else { format!("✓ 已收 {got}") };
        let mut field = Field::new(name.clone(), m.name.clone(), Kind::File(ACCEPT.into()), "").hint(hint);
        if !m.mandatory {
            field = field.optional();
        }
        all.push(match errors.get(&name) {
            Some(error) => field.error(error.clone()),
            None => field,
        });
    }
    let (what, got) = (if list.is_empty() { "附件" } else { "其他材料" }, there(""));
    let kinds = format!("PDF、JPG、PNG、OFD，每份不超过 {} MB；类型按内容识别。", attachments::mebibytes(app));
    let hint = if got.is_empty() { kinds } else { format!("✓ 已收 {got}") };
    all.push(Field::new("attachments", what, Kind::File(ACCEPT.into()), "").optional().span(2).hint(hint));
    all
}

/// What is missing, as problems of the form; `given` are the pieces there are files of.
pub(crate) fn problems(list: &MaterialList, given: &[&str]) -> Vec<Problem> {
    let each = missing(&list.value, given).into_iter().map(|m| {
        let under = words::cite(&list.under, &list.rule.to_string());
        Problem::new(format!("缺少材料：{}。", m.name), format!("#field-material-{}", m.code), under).remedy("选好扫描件再提交。")
    });
    each.collect()
}

/// Names of what a case lacks.
pub(crate) fn missing_of(list: &[Material], files: &[Attachment]) -> Vec<Text> {
    let given: Vec<&str> = files.iter().map(|f| f.material.as_str()).collect();
    missing(list, &given).into_iter().map(|m| m.name.clone().into()).collect()
}
