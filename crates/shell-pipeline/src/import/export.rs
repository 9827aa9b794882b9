//! Files that go out in the layout they come in (导出): templates, monthly lists, base adjustments. What is exported can be
//! imported as it is.

use std::collections::HashMap;

use core_calendar::Month;
use core_case::form::Choice;
use core_case::ids::{EmployerId, SavingsId};
use core_case::nouns::{self, Answer, EmployerFacts, MonthFacts, Noun};
use core_case::things::LineChange;
use core_money::Money;
use shell_files::codes;
use shell_files::layout::{self, Layout};
use shell_files::layouts;
use shell_files::xlsx::{self, Report, SheetOut, Value};
use shell_store::facts;
use shell_store::imports::{self, MaskedPerson};

use super::Kind;
use super::amounts::{Amounts, rates};
use crate::centre::Centre;
use crate::command::PipelineError;

/// Why nothing could be exported.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// There is no such employer.
    #[error("没有单位账号 {0}。")]
    NoEmployer(EmployerId),
    /// The centre did not answer.
    #[error(transparent)]
    Centre(#[from] PipelineError),
    /// The workbook could not be written.
    #[error(transparent)]
    Write(#[from] xlsx::WriteError),
}

/// The template (导入模板) of a kind: headings with stars, columns of numbers as text, code lists as choices, and a sheet 填写说明
/// that explains each column with an example. The bank writes the receipt file itself: its workbook explains nothing.
///
/// # Errors
/// When the workbook cannot be written.
pub fn template(kind: Kind) -> Result<Vec<u8>, ExportError> {
    Ok(xlsx::template(kind.layouts())?)
}

/// RemittanceList (汇缴清册) of an employer as its dated history makes it, with the sheet 汇总: people and amount of last
/// month, increase, decrease, this month (`handbook 17 §8`). Names and identity numbers are masked.
///
/// # Errors
/// When there is no such employer, policy has no rule for the month, or the database does not answer.
pub async fn export_list(centre: &Centre, employer: EmployerId, month: Month) -> Result<Vec<u8>, ExportError> {
    let (facts, this) = of_month(centre, employer, month).await?;
    let (_, last) = of_month(centre, employer, month.pred()).await?;
    let amounts = Amounts::of(centre, month)?;
    let own = rates(&facts, month);
    let now = sums(&this, |base| amounts.sides(base, own));
    // Before the first month there is nobody, and perhaps no policy either.
    let before = if last.people.is_empty() {
        HashMap::new()
    } else {
        let amounts = Amounts::of(centre, month.pred())?;
        let own = rates(&facts, month.pred());
        sums(&last, |base| amounts.sides(base, own))
    };
    let people = masked(centre, &this).await?;
    let rows = this.people.iter().map(|p| {
        let (employer_amount, member_amount) = amounts.sides(p.base, own);
        let person = people.get(&p.savings);
        row(&layouts::REMITTANCE_LIST, |key| match key {
            "employer" => Value::text(employer.to_string()),
            "month" => Value::text(month.to_string()),
            "member" => Value::text(p.savings.to_string()),
            "name" => Value::text(person.map_or(String::new(), |p| p.name.clone())),
            "id_number" => Value::text(person.map_or(String::new(), |p| p.id_number.clone())),
            "change" if p.change != LineChange::None => {
                Value::text(codes::words(codes::MEMBER_CHANGE, p.change.code()).unwrap_or(p.change.words()))
            }
            "base" => Value::Money(amounts.base(p.base)),
            "employer_rate" => Value::Percent(own.0),
            "member_rate" => Value::Percent(own.1),
            "employer_amount" => Value::Money(employer_amount),
            "member_amount" => Value::Money(member_amount),
            "total" => Value::Money(employer_amount + member_amount),
            _ => Value::Empty,
        })
    });
    let sheets = vec![
        SheetOut::new(Report::of_layout(&layouts::REMITTANCE_LIST), rows.collect::<Vec<_>>()),
        SheetOut::new(Report::of_layout(&layouts::REMITTANCE_SUMMARY), summary(&before, &now)),
    ];
    Ok(xlsx::workbook_bytes(sheets)?)
}

/// The base adjustment sheet (基数调整) of an employer for a month: those who are not sealed, with the base in force in both
/// columns. Computed columns stay empty, so that only the new base is to be typed.
///
/// # Errors
/// As [`export_list`].
pub async fn export_base(centre: &Centre, employer: EmployerId, from: Month) -> Result<Vec<u8>, ExportError> {
    let (_, month) = of_month(centre, employer, from).await?;
    let people = masked(centre, &month).await?;
    let rows = month.people.iter().map(|p| {
        let person = people.get(&p.savings);
        row(&layouts::BASE, |key| match key {
            "member" => Value::text(p.savings.to_string()),
            "name" => Value::text(person.map_or(String::new(), |p| p.name.clone())),
            "id_number" => Value::text(person.map_or(String::new(), |p| p.id_number.clone())),
            "base_before" | "base_after" => Value::Money(p.base),
            _ => Value::Empty,
        })
    });
    Ok(xlsx::workbook_bytes(vec![SheetOut::new(Report::of_layout(&layouts::BASE), rows.collect::<Vec<_>>())])?)
}

/// A row of a layout, cell by cell.
fn row(layout: &Layout, cell: impl Fn(&str) -> Value<'static>) -> Vec<Value<'static>> {
    layout.columns.iter().map(|c: &layout::Column| cell(c.key)).collect()
}

type Sums = HashMap<SavingsId, Money>;

fn sums(month: &MonthFacts, sides: impl Fn(Money) -> (Money, Money)) -> Sums {
    month.people.iter().map(|p| (p.savings, sides(p.base))).map(|(id, (own, member))| (id, own + member)).collect()
}

/// The four rows of 汇总. People who came or went count as people; a higher or lower amount of somebody who stayed counts
/// as amount only, so that last month + increase − decrease is this month in both columns.
fn summary(before: &Sums, now: &Sums) -> Vec<Vec<Value<'static>>> {
    let (mut up, mut down) = ((0, Money::ZERO), (0, Money::ZERO));
    for (id, amount) in now {
        match before.get(id) {
            None => up = (up.0 + 1, up.1 + *amount),
            Some(old) if old < amount => up.1 += *amount - *old,
            Some(old) => down.1 += *old - *amount,
        }
    }
    for amount in before.iter().filter(|(id, _)| !now.contains_key(id)).map(|(_, amount)| *amount) {
        down = (down.0 + 1, down.1 + amount);
    }
    let all = |sums: &Sums| (sums.len() as i64, sums.values().copied().sum::<Money>());
    [("上月", all(before)), ("本月增加", up), ("本月减少", down), ("本月", all(now))]
        .map(|(words, (people, amount))| vec![Value::text(words), Value::Integer(people), Value::Money(amount)])
        .into()
}

async fn of_month(centre: &Centre, employer: EmployerId, month: Month) -> Result<(EmployerFacts, MonthFacts), ExportError> {
    let asks = [nouns::Employer(employer).ask(), nouns::EmployerMonth(employer, month).ask()];
    let mut answers = facts::load(&centre.store, &asks).await.map_err(PipelineError::from)?.answers.into_iter();
    match (answers.next(), answers.next()) {
        (Some(Answer::Employer(Some(facts))), Some(Answer::EmployerMonth(month))) => Ok((facts, month)),
        _ => Err(ExportError::NoEmployer(employer)),
    }
}

async fn masked(centre: &Centre, month: &MonthFacts) -> Result<HashMap<SavingsId, MaskedPerson>, ExportError> {
    let ids: Vec<SavingsId> = month.people.iter().map(|p| p.savings).collect();
    let people = imports::masked_people(&centre.store, &ids).await.map_err(PipelineError::from)?;
    Ok(people.into_iter().map(|p| (p.savings, p)).collect())
}
