//! Messages (报文): fields by name, in order, and lists of them (handbook 11 §1).

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::gbk::{self, NotGbk};

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Text; empty where the other side left it empty.
    Text(String),
    /// A list (`field-list`): its elements are lists too, named `0`, `1`, …
    List(Fields),
}

/// Fields in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields(Vec<(String, Value)>);

impl Fields {
    /// Adds a field at the end.
    #[must_use]
    pub fn with(mut self, name: &str, text: impl Into<String>) -> Fields {
        self.0.push((name.to_owned(), Value::Text(text.into())));
        self
    }

    /// Adds a list at the end.
    #[must_use]
    pub fn with_list(mut self, name: &str, elements: impl IntoIterator<Item = Fields>) -> Fields {
        let elements = elements.into_iter().enumerate().map(|(at, fields)| (at.to_string(), Value::List(fields))).collect();
        self.0.push((name.to_owned(), Value::List(Fields(elements))));
        self
    }

    /// The text of a field; none where it is missing or a list.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find_map(|(found, value)| match value {
            Value::Text(text) if found == name => Some(text.as_str()),
            _ => None,
        })
    }

    /// The text of a field that has to be there.
    ///
    /// Errors: it is not.
    pub fn required(&self, name: &str) -> Result<&str, MessageError> {
        self.text(name).ok_or_else(|| MessageError::Missing(name.to_owned()))
    }

    /// The elements of a list, none where it is missing.
    pub fn list(&self, name: &str) -> impl Iterator<Item = &Fields> {
        let list = self.0.iter().find_map(|(found, value)| match value {
            Value::List(list) if found == name => Some(list),
            _ => None,
        });
        list.into_iter().flat_map(|list| &list.0).filter_map(|(_, value)| match value {
            Value::List(fields) => Some(fields),
            Value::Text(_) => None,
        })
    }

    /// Names and values in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }
}

/// A message (报文).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// Who, when, which transaction; in an answer also how it went.
    pub head: Fields,
    /// What.
    pub body: Fields,
}

/// Why bytes are no message, or a message cannot be sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    /// A field the transaction needs is not there.
    #[error("报文缺少字段 {0}")]
    Missing(String),
    /// The text of a field is not what it should be.
    #[error("报文字段 {0} 不对：{1}")]
    Field(String, String),
    /// A field holds a character GBK does not have, or one XML cannot carry.
    #[error("报文字段 {0}：{1}")]
    Text(String, NotGbk),
    /// A control character.
    #[error("报文字段 {0} 含有控制字符")]
    Control(String),
    /// The bytes are no GBK.
    #[error("报文：{0}")]
    Bytes(#[from] NotGbk),
    /// No XML of the agreed form.
    #[error("报文不是约定的 XML：{0}")]
    Form(String),
}

/// Lists stand within lists: the body, the file list, its element. Deeper than this is no message of the hub.
const DEEPEST: usize = 6;

impl Message {
    /// The GBK bytes of the XML.
    ///
    /// Errors: a field with a character that cannot travel, by the name of the field.
    pub fn encode(&self) -> Result<Vec<u8>, MessageError> {
        let mut xml = String::from("<?xml version=\"1.0\" encoding=\"GBK\"?><message>");
        for (part, fields) in [("head", &self.head), ("body", &self.body)] {
            xml += &format!("<{part}>");
            write(fields, &mut xml)?;
            xml += &format!("</{part}>");
        }
        xml += "</message>";
        Ok(gbk::encode(&xml)?)
    }

    /// Reads the XML.
    ///
    /// Errors: no GBK; another form than `message` with `head` and `body`, `field` and `field-list`; a document type, an entity other
    /// than the five of XML, nesting beyond any message.
    pub fn decode(bytes: &[u8]) -> Result<Message, MessageError> {
        let text = gbk::decode(bytes)?;
        let mut reader = Reader::from_str(&text);
        let form = |why: &dyn std::fmt::Display| MessageError::Form(why.to_string());
        let mut message = Message::default();
        // Where we are: the fields being filled from outside in, each with the name it will get.
        let mut open: Vec<(String, Fields)> = Vec::new();
        let mut field: Option<(String, String)> = None;
        let mut inside = false;
        let mut seen: Vec<String> = Vec::new();
        loop {
            match reader.read_event().map_err(|why| form(&why))? {
                Event::Start(tag) => match tag.name().as_ref() {
                    "message" if !inside && open.is_empty() => inside = true,
                    part @ ("head" | "body") if inside && open.is_empty() && !seen.iter().any(|one| one == part) => {
                        seen.push(part.to_owned());
                        open.push((part.to_owned(), Fields::default()));
                    }
                    "field" if !open.is_empty() && field.is_none() => field = Some((name(&tag)?, String::new())),
                    "field-list" if !open.is_empty() && field.is_none() && open.len() < DEEPEST => {
                        open.push((name(&tag)?, Fields::default()))
                    }
                    other => return Err(MessageError::Form(format!("<{}> 不该在这里", other))),
                },
                Event::Empty(tag) => match (tag.name().as_ref(), open.last_mut()) {
                    ("field", Some((_, fields))) if field.is_none() => fields.0.push((name(&tag)?, Value::Text(String::new()))),
                    ("field-list", Some((_, fields))) if field.is_none() => fields.0.push((name(&tag)?, Value::List(Fields::default()))),
                    ("head" | "body", None) if inside => {}
                    (other, _) => return Err(MessageError::Form(format!("<{}/> 不该在这里", other))),
                },
                Event::End(tag) => match tag.name().as_ref() {
                    "field" => {
                        if let (Some((name, text)), Some((_, fields))) = (field.take(), open.last_mut()) {
                            fields.0.push((name, Value::Text(text)));
                        }
                    }
                    "message" => inside = false,
                    _ => {
                        let Some((name, fields)) = open.pop() else { continue };
                        match (open.last_mut(), name.as_str()) {
                            (Some((_, outer)), _) => outer.0.push((name, Value::List(fields))),
                            (None, "head") => message.head = fields,
                            (None, _) => message.body = fields,
                        }
                    }
                },
                Event::Text(text) => {
                    let text = text.xml10_content();
                    match &mut field {
                        Some((_, into)) => into.push_str(&text),
                        None if text.trim().is_empty() => {}
                        None => return Err(MessageError::Form("字段之外有文字".to_owned())),
                    }
                }
                Event::CData(data) => match &mut field {
                    Some((_, into)) => into.push_str(&data.xml10_content()),
                    None => return Err(MessageError::Form("字段之外有文字".to_owned())),
                },
                Event::GeneralRef(entity) => {
                    let character = entity.resolve_char_ref().map_err(|why| form(&why))?.map(String::from);
                    let known = || quick_xml::escape::resolve_predefined_entity(&entity.xml10_content()).map(str::to_owned);
                    let text = character.or_else(known).ok_or_else(|| MessageError::Form("不认得的实体".to_owned()))?;
                    match &mut field {
                        Some((_, into)) => into.push_str(&text),
                        None => return Err(MessageError::Form("字段之外有文字".to_owned())),
                    }
                }
                Event::Decl(_) | Event::Comment(_) => {}
                Event::DocType(_) | Event::PI(_) => return Err(MessageError::Form("不收文档类型和处理指令".to_owned())),
                Event::Eof if inside || !open.is_empty() || seen.is_empty() => return Err(MessageError::Form("没有完".to_owned())),
                Event::Eof => return Ok(message),
            }
        }
    }
}

/// The name of a field or list.
fn name(tag: &BytesStart<'_>) -> Result<String, MessageError> {
    let form = |why: &dyn std::fmt::Display| MessageError::Form(why.to_string());
    let attribute = tag.try_get_attribute("name").map_err(|why| form(&why))?;
    let attribute = attribute.ok_or_else(|| MessageError::Form("字段没有 name".to_owned()))?;
    Ok(attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).map_err(|why| form(&why))?.into_owned())
}

fn write(fields: &Fields, xml: &mut String) -> Result<(), MessageError> {
    for (name, value) in fields.iter() {
        let shown = quick_xml::escape::escape(name);
        match value {
            Value::Text(text) => {
                if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
                    return Err(MessageError::Control(name.to_owned()));
                }
                gbk::encode(text).map_err(|why| MessageError::Text(name.to_owned(), why))?;
                *xml += &format!("<field name=\"{shown}\">{}</field>", quick_xml::escape::escape(text));
            }
            Value::List(list) => {
                *xml += &format!("<field-list name=\"{shown}\">");
                write(list, xml)?;
                *xml += "</field-list>";
            }
        }
    }
    Ok(())
}
