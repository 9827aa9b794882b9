//! The description of the API (OpenAPI 3.1), made from the action catalogue: the catalogue is the source, not the handlers.

use core_case::action::Entry;
use core_case::form::{Field, Kind};
use serde_json::{Map, Value, json};

/// Fields as data for `/api/v1/actions`.
pub(super) fn fields(fields: &[Field]) -> Value {
    let each = fields.iter().map(|f| {
        let mut field = json!({ "name": f.name, "label": f.label, "help": f.help, "kind": f.kind.name(), "required": f.required });
        if let (Kind::Lines(lines), Some(object)) = (f.kind, field.as_object_mut()) {
            object.insert("fields".into(), self::fields(lines));
        }
        field
    });
    Value::Array(each.collect())
}

fn schema(field: &Field) -> Value {
    let text = |pattern: &str| json!({ "type": "string", "pattern": pattern });
    let mut schema = match field.kind {
        Kind::Text(max) if field.required => json!({ "type": "string", "minLength": 1, "maxLength": max, "pattern": r"\S" }),
        Kind::Text(max) => json!({ "type": "string", "maxLength": max }),
        Kind::Money => text(r"^-?[0-9]{1,16}(\.[0-9]{1,2})?$"),
        Kind::Rate => text(r"^[0-9]{1,3}(\.[0-9]{1,5})?$"),
        Kind::Day => json!({ "type": "string", "format": "date" }),
        Kind::Month => month(),
        Kind::Integer => text("^-?[0-9]{1,18}$"),
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::Choice(choices) => json!({ "type": "string", "enum": choices.iter().map(|(code, _)| *code).collect::<Vec<_>>() }),
        Kind::Number(_) => text("^[0-9]{1,18}$"),
        Kind::IdNumber => json!({ "type": "string", "minLength": 4, "maxLength": 18 }),
        Kind::Mobile => text("^1[0-9]{10}$"),
        Kind::Card => text("^[0-9]{6,30}$"),
        Kind::Lines(lines) => json!({ "type": "array", "items": object(lines) }),
    };
    if let Some(object) = schema.as_object_mut() {
        object.insert("title".into(), json!(field.label));
        if !field.help.is_empty() {
            object.insert("description".into(), json!(field.help));
        }
    }
    schema
}

fn object(fields: &[Field]) -> Value {
    let properties: Map<String, Value> = fields.iter().map(|f| (f.name.to_owned(), schema(f))).collect();
    let required: Vec<&str> = fields.iter().filter(|f| f.required).map(|f| f.name).collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

/// An answer with its schema.
fn answer(description: &str, schema: &str) -> Value {
    json!({ "description": description, "content": { "application/json": { "schema": { "$ref": format!("#/components/schemas/{schema}") } } } })
}

/// Answers with those that every path behind a token may give.
fn answers(own: &[(&str, &str, &str)]) -> Value {
    let everywhere = [
        ("401", "没有有效令牌", "Problem"),
        ("403", "没有权限", "Problem"),
        ("404", "没有此项", "Problem"),
        ("503", "稍后再试", "Problem"),
    ];
    let all = own.iter().chain(&everywhere).map(|(status, description, schema)| ((*status).to_owned(), answer(description, schema)));
    Value::Object(all.collect())
}

/// Answers of a path that takes a body.
fn writing(own: &[(&str, &str, &str)]) -> Value {
    let body = [("400", "请求不成立", "Problem"), ("413", "正文过大", "Problem"), ("415", "正文不是 JSON", "Problem")];
    answers(&[own, &body].concat())
}

/// What becomes of a command.
const COMMAND: [(&str, &str, &str); 4] = [
    ("200", "办结", "Done"),
    ("202", "待复核", "Waiting"),
    ("409", "在途互斥、内容已变或键已用", "Conflict"),
    ("422", "不予受理或栏位有误", "NotAccepted"),
];

fn json_body(schema: Value) -> Value {
    json!({ "required": true, "content": { "application/json": { "schema": schema } } })
}

fn action_path(action: &Entry) -> Value {
    let key = json!({
        "name": "Idempotency-Key", "in": "header", "required": true, "description": "同一键、同一指令只办理一次",
        "schema": { "type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$" },
    });
    json!({
        "post": {
            "operationId": format!("submit {}", action.name), "summary": action.term, "parameters": [key],
            "requestBody": json_body(json!({ "$ref": format!("#/components/schemas/{}", action.name) })), "responses": writing(&COMMAND),
        }
    })
}

/// What would become of a command; nothing is recorded.
fn preview_path() -> Value {
    let actions: Vec<&str> = shell_pipeline::catalogue::actions().map(|a| a.name).collect();
    let preview = [("202", "可以办理，列出将要发生的", "Waiting"), COMMAND[2], COMMAND[3]];
    json!({
        "post": {
            "operationId": "preview", "summary": "试算", "description": "正文同提交该业务；不记录任何内容。",
            "parameters": [{ "name": "action", "in": "path", "required": true, "schema": { "type": "string", "enum": actions } }],
            "requestBody": json_body(json!({ "type": "object" })), "responses": writing(&preview),
        }
    })
}

/// A file: what the query may hold is what `anju import` takes as options.
fn import_path() -> Value {
    let kinds: Vec<&str> = shell_pipeline::import::Kind::ALL.iter().map(|k| k.name()).collect();
    let query = |name: &str, schema: Value| json!({ "name": name, "in": "query", "required": false, "schema": schema });
    let flag = || json!({ "type": "boolean" });
    let imported = [("200", "每一行都对", "Imported"), ("409", "在途互斥", "Conflict"), ("422", "有错误的行", "Imported")];
    json!({
        "post": {
            "operationId": "import", "summary": "导入文件",
            "description": "正文是文件本身：.xlsx、.xls、CSV 或银行到账通知。一份文件成为一笔业务，有错时逐行说明。",
            "parameters": [
                { "name": "kind", "in": "path", "required": true, "schema": { "type": "string", "enum": kinds } },
                query("name", json!({ "type": "string", "maxLength": 120 })),
                query("dry_run", flag()), query("accept_good_rows", flag()), query("supplementary", flag()),
                query("encoding", json!({ "type": "string", "enum": ["utf-8", "gbk", "gb18030"] })),
                query("day", json!({ "type": "string", "format": "date" })),
                query("employer", json!({ "type": "string", "pattern": "^[0-9]{1,15}$" })),
                query("month", month()),
            ],
            "requestBody": { "required": true, "content": { "application/octet-stream": { "schema": { "type": "string", "format": "binary" } } } },
            "responses": writing(&imported),
        }
    })
}

fn day_end_path() -> Value {
    let day = json!({ "type": "string", "format": "date" });
    let ended =
        [("200", "营业日已关闭", "DayEnd"), ("409", "不是现在要关闭的营业日，或日终正在运行", "Problem"), ("422", "日期不成立", "Problem")];
    json!({
        "post": {
            "operationId": "day end", "summary": "日终", "description": "写明关闭哪个营业日，重发不会多关一天。",
            "requestBody": json_body(record(&[("closes", day.clone()), ("opens", day)], &["closes"])),
            "responses": writing(&ended),
        }
    })
}

fn month() -> Value {
    json!({ "type": "string", "pattern": "^[1-9][0-9]{3}-(0[1-9]|1[0-2])$" })
}

/// An object of these fields and no others.
fn record(fields: &[(&str, Value)], required: &[&str]) -> Value {
    let properties: Map<String, Value> = fields.iter().map(|(name, schema)| ((*name).to_owned(), schema.clone())).collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

/// An answer: an object in which each of these fields stands.
fn told(fields: &[(&str, Value)]) -> Value {
    let names: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
    record(fields, &names)
}

fn list(of: Value) -> Value {
    json!({ "type": "array", "items": of })
}

fn refer(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// Shapes of the answers.
fn shapes() -> Vec<(&'static str, Value)> {
    let text = || json!({ "type": "string" });
    let texts = || list(text());
    let count = || json!({ "type": "integer", "minimum": 0 });
    let number = || json!({ "type": "string", "pattern": "^[0-9]{15}$" });
    let day = || json!({ "type": "string", "format": "date" });
    let money = || json!({ "type": "string", "pattern": r"^-?[0-9]+\.[0-9]{2}$" });
    let flag = || json!({ "type": "boolean" });
    let or_null = |of: Value| json!({ "anyOf": [of, { "type": "null" }] });
    let state = |is: &str| json!({ "const": is });
    let digest = || or_null(json!({ "type": "string", "pattern": "^[0-9a-f]{64}$" }));
    let field =
        [("name", text()), ("label", text()), ("help", text()), ("kind", text()), ("required", flag()), ("fields", list(refer("Field")))];
    let row = |name: &'static str, fields: &[(&str, Value)]| told(&[("total", count()), (name, list(told(fields)))]);
    vec![
        ("Done", told(&[("state", state("done")), ("case", number()), ("effects", texts()), ("digest", digest()), ("repeated", flag())])),
        (
            "Waiting",
            told(&[
                ("state", state("waiting")),
                ("case", number()),
                ("effects", texts()),
                ("digest", digest()),
                ("next", text()),
                ("promised", or_null(day())),
                ("repeated", flag()),
            ]),
        ),
        ("Refused", told(&[("state", state("refused")), ("case", or_null(number())), ("refusals", list(refer("Refusal")))])),
        (
            "Refusal",
            told(&[
                ("code", text()),
                ("message", text()),
                ("rule", text()),
                ("under", refer("Citation")),
                ("required", or_null(text())),
                ("found", or_null(text())),
                ("field", or_null(text())),
                ("line", or_null(count())),
                ("remedy", or_null(text())),
            ]),
        ),
        (
            "Citation",
            record(
                &[("instrument", text()), ("edition", or_null(text())), ("place", or_null(text())), ("from", text()), ("seen_in", text())],
                &["instrument", "edition", "place", "from"],
            ),
        ),
        ("Fields", told(&[("state", state("fields")), ("errors", list(refer("FieldError")))])),
        (
            "FieldError",
            told(&[("path", text()), ("label", text()), ("code", text()), ("found", text()), ("message", text()), ("remedy", text())]),
        ),
        ("NotAccepted", json!({ "anyOf": [refer("Refused"), refer("Fields"), refer("Problem")] })),
        ("Problem", told(&[("error", told(&[("code", text()), ("message", text())]))])),
        (
            "Conflict",
            json!({ "anyOf": [
                refer("Problem"),
                told(&[("state", state("conflict")), ("error", told(&[("code", text()), ("message", text())]))]),
                told(&[("state", text()), ("case", number()), ("error", told(&[("code", text()), ("message", text())]))]),
                told(&[("state", state("differs")), ("case", number()), ("shown", texts()), ("now", texts()), ("digest", digest())]),
            ] }),
        ),
        ("Approved", told(&[("state", state("done")), ("case", number())])),
        ("Next", told(&[("state", state("waiting")), ("case", number()), ("next", text())])),
        (
            "Case",
            told(&[
                ("case", number()),
                ("action", text()),
                ("state", text()),
                ("channel", text()),
                ("accepted", day()),
                ("promised", or_null(day())),
                ("summary", text()),
                ("amount", or_null(money())),
                ("effects", texts()),
                ("effect_count", count()),
                ("digest", digest()),
                ("flow", texts()),
                ("level", count()),
                ("round", count()),
                ("steps", list(refer("Step"))),
                ("refusals", or_null(list(json!({ "type": "object" })))),
            ]),
        ),
        (
            "Step",
            told(&[("seq", count()), ("kind", text()), ("by", text()), ("day", day()), ("digest", or_null(text())), ("note", text())]),
        ),
        ("Field", record(&field, &["name", "label", "help", "kind", "required"])),
        (
            "Actions",
            told(&[("actions", list(told(&[("name", text()), ("term", text()), ("version", count()), ("fields", list(refer("Field")))])))]),
        ),
        ("BusinessDay", told(&[("day", day())])),
        ("Employers", row("employers", &[("employer", number()), ("name", text()), ("branch", text())])),
        (
            "Awaiting",
            row(
                "lists",
                &[
                    ("list", number()),
                    ("employer", number()),
                    ("month", month()),
                    ("people", count()),
                    ("due", money()),
                    ("confirmed", day()),
                ],
            ),
        ),
        ("Unknown", row("receipts", &[("receipt", number()), ("amount", money()), ("day", day()), ("payer", text())])),
        (
            "Imported",
            told(&[
                ("rows", count()),
                ("accepted", count()),
                ("unchanged", count()),
                ("case", or_null(text())),
                ("errors", list(refer("RowError"))),
                ("notes", texts()),
            ]),
        ),
        (
            "RowError",
            told(&[
                ("sheet", text()),
                ("row", count()),
                ("column", text()),
                ("code", text()),
                ("found", text()),
                ("message", text()),
                ("remedy", text()),
            ]),
        ),
        ("DayEnd", told(&[("closed", day()), ("open", day()), ("steps", list(told(&[("step", text()), ("did", text())])))])),
    ]
}

/// The whole description.
pub fn document() -> Value {
    let id = json!({ "name": "id", "in": "path", "required": true, "schema": { "type": "string", "pattern": "^[0-9]{15}$" } });
    let mut paths = Map::new();
    for action in shell_pipeline::catalogue::actions() {
        paths.insert(format!("/api/v1/cases/{}", action.name), action_path(action));
    }
    paths.insert(
        "/api/v1/cases/{id}".into(),
        json!({ "get": { "operationId": "case", "summary": "一笔业务", "parameters": [id], "responses": answers(&[("200", "业务", "Case")]) } }),
    );
    let round = json!({ "type": "integer", "description": "看的是第几轮复核；已不是这一轮的，不签" });
    let sign = record(&[("digest", json!({ "type": "string", "pattern": "^[0-9a-f]{64}$" })), ("round", round)], &["digest"]);
    let reviewed = [("200", "办结", "Approved"), ("202", "待下一级复核", "Next"), COMMAND[2], COMMAND[3]];
    let moved = [("200", "业务", "Case"), COMMAND[2], COMMAND[3]];
    for (step, summary, body, answers) in [
        ("approve", "复核同意", sign, &reviewed[..]),
        ("return", "退回补正", reason(), &moved),
        ("reject", "不同意", reason(), &moved),
        ("withdraw", "撤回", reason(), &moved),
        ("resubmit", "重新提交", record(&[], &[]), &reviewed),
        ("correction", "更正退回的业务：整份申请内容，栏位与该业务录入时相同", json!({ "type": "object" }), &COMMAND),
    ] {
        let operation = json!({
            "post": {
                "operationId": format!("case {step}"), "summary": summary, "parameters": [id],
                "requestBody": json_body(body), "responses": writing(answers),
            }
        });
        paths.insert(format!("/api/v1/cases/{{id}}/{step}"), operation);
    }
    for (path, summary, schema) in [
        ("/api/v1/actions", "业务目录", "Actions"),
        ("/api/v1/business-day", "营业日", "BusinessDay"),
        ("/api/v1/employers", "单位", "Employers"),
        ("/api/v1/lists/awaiting", "待入账清册", "Awaiting"),
        ("/api/v1/receipts/unknown", "待认领暂收款", "Unknown"),
    ] {
        let get = json!({ "operationId": path, "summary": summary, "responses": answers(&[("200", summary, schema)]) });
        paths.insert(path.into(), json!({ "get": get }));
    }
    paths.insert("/api/v1/previews/{action}".into(), preview_path());
    paths.insert("/api/v1/imports/{kind}".into(), import_path());
    paths.insert("/api/v1/day-end".into(), day_end_path());
    let mut schemas: Map<String, Value> = shell_pipeline::catalogue::actions().map(|a| (a.name.to_owned(), object(a.fields))).collect();
    schemas.extend(shapes().into_iter().map(|(name, schema)| (name.to_owned(), schema)));
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Anju 安居", "version": env!("CARGO_PKG_VERSION"), "description": "住房公积金管理中心核心系统接口。金额为以元为单位的十进制文本，日期为 YYYY-MM-DD。" },
        "security": [{ "bearer": [] }],
        "paths": paths,
        "components": { "securitySchemes": { "bearer": { "type": "http", "scheme": "bearer" } }, "schemas": schemas },
    })
}

fn reason() -> Value {
    record(&[("reason", json!({ "type": "string", "minLength": 1, "maxLength": 500, "pattern": r"\S" }))], &["reason"])
}
