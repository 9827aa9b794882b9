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
        Kind::Text(max) => json!({ "type": "string", "maxLength": max }),
        Kind::Money => text(r"^-?[0-9]{1,16}(\.[0-9]{1,2})?$"),
        Kind::Rate => text(r"^[0-9]{1,3}(\.[0-9]{1,5})?$"),
        Kind::Day => json!({ "type": "string", "format": "date" }),
        Kind::Month => text("^[0-9]{4}-[0-9]{2}$"),
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

/// The answers that every writing path may give; a schema a status.
fn answers() -> Value {
    let of = |description: &str, name: &str| json!({ "description": description, "content": { "application/json": { "schema": { "$ref": format!("#/components/schemas/{name}") } } } });
    json!({
        "200": of("办结", "Done"), "202": of("待复核", "Waiting"), "400": of("请求不成立", "Problem"), "401": of("没有有效令牌", "Problem"),
        "403": of("没有权限", "Problem"), "404": of("没有此项", "Problem"), "409": of("在途互斥、内容已变或键已用", "Conflict"),
        "413": { "description": "正文过大" },
        "422": of("不予受理或栏位有误", "NotAccepted"), "503": of("稍后再试", "Problem"),
    })
}

fn action_path(action: &Entry) -> Value {
    json!({
        "post": {
            "operationId": format!("submit {}", action.name),
            "summary": action.term,
            "parameters": [{ "name": "Idempotency-Key", "in": "header", "required": true, "schema": { "type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$" } }],
            "requestBody": { "required": true, "content": { "application/json": { "schema": { "$ref": format!("#/components/schemas/{}", action.name) } } } },
            "responses": answers(),
        }
    })
}

/// The whole description.
pub fn document() -> Value {
    let id = json!({ "name": "id", "in": "path", "required": true, "schema": { "type": "string", "pattern": "^[0-9]{15}$" } });
    let problem = json!({ "$ref": "#/components/schemas/Problem" });
    let ok = |description: &str| {
        json!({
            "200": { "description": description, "content": { "application/json": { "schema": { "type": "object" } } } },
            "401": { "description": "没有有效令牌", "content": { "application/json": { "schema": problem } } },
            "403": { "description": "没有权限", "content": { "application/json": { "schema": problem } } },
            "404": { "description": "没有此项", "content": { "application/json": { "schema": problem } } },
        })
    };
    let mut paths = Map::new();
    for action in shell_pipeline::catalogue::actions() {
        paths.insert(format!("/api/v1/cases/{}", action.name), action_path(action));
    }
    paths.insert(
        "/api/v1/cases/{id}".into(),
        json!({ "get": { "operationId": "case", "summary": "一笔业务", "parameters": [id], "responses": ok("业务") } }),
    );
    for (step, summary, body) in [
        (
            "approve",
            "复核同意",
            json!({ "type": "object", "properties": { "digest": { "type": "string", "pattern": "^[0-9a-f]{64}$" } }, "required": ["digest"] }),
        ),
        ("return", "退回补正", reason()),
        ("reject", "不同意", reason()),
        ("withdraw", "撤回", reason()),
        ("resubmit", "重新提交", json!({ "type": "object" })),
    ] {
        let operation = json!({
            "post": {
                "operationId": format!("case {step}"), "summary": summary, "parameters": [id],
                "requestBody": { "required": true, "content": { "application/json": { "schema": body } } }, "responses": answers(),
            }
        });
        paths.insert(format!("/api/v1/cases/{{id}}/{step}"), operation);
    }
    for (path, summary) in [
        ("/api/v1/actions", "业务目录"),
        ("/api/v1/business-day", "营业日"),
        ("/api/v1/employers", "单位"),
        ("/api/v1/lists/awaiting", "待入账清册"),
        ("/api/v1/receipts/unknown", "待认领暂收款"),
    ] {
        paths.insert(path.into(), json!({ "get": { "operationId": path, "summary": summary, "responses": ok(summary) } }));
    }
    let mut schemas: Map<String, Value> = shell_pipeline::catalogue::actions().map(|a| (a.name.to_owned(), object(a.fields))).collect();
    let case = json!({ "type": "string", "pattern": "^[0-9]{15}$" });
    let lines = json!({ "type": "array", "items": { "type": "string" } });
    let error = json!({ "type": "object", "properties": { "code": { "type": "string" }, "message": { "type": "string" } }, "required": ["code", "message"] });
    schemas.insert("Done".into(), json!({ "type": "object", "properties": { "state": { "const": "done" }, "case": case, "effects": lines, "digest": { "type": ["string", "null"] }, "repeated": { "type": "boolean" } }, "required": ["state", "case"] }));
    schemas.insert("Waiting".into(), json!({ "type": "object", "properties": { "state": { "const": "waiting" }, "case": case, "effects": lines, "digest": { "type": ["string", "null"] }, "next": { "type": "string" }, "promised": { "type": ["string", "null"] } }, "required": ["state", "case"] }));
    schemas.insert("Problem".into(), json!({ "type": "object", "properties": { "error": error }, "required": ["error"] }));
    schemas.insert("Conflict".into(), json!({ "type": "object" }));
    schemas.insert("NotAccepted".into(), json!({ "type": "object", "properties": { "state": { "type": "string" }, "refusals": { "type": "array" }, "errors": { "type": "array" } } }));
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Anju 安居", "version": env!("CARGO_PKG_VERSION"), "description": "住房公积金管理中心核心系统接口。金额为以元为单位的十进制文本，日期为 YYYY-MM-DD。" },
        "security": [{ "bearer": [] }],
        "paths": paths,
        "components": { "securitySchemes": { "bearer": { "type": "http", "scheme": "bearer" } }, "schemas": schemas },
    })
}

fn reason() -> Value {
    json!({ "type": "object", "properties": { "reason": { "type": "string", "minLength": 1, "maxLength": 500 } }, "required": ["reason"] })
}
