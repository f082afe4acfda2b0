//! The description of the interface says what the router does.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::collections::BTreeSet;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::routing::get;
use companion_protocol::api::{ErrorBody, ErrorCode};
use serde_json::Value;
use tower::ServiceExt;
use tower_http::catch_panic::CatchPanicLayer;

use super::ROUTES;
use super::information::OPENAPI;

fn description() -> Value {
    serde_json::from_str(OPENAPI).unwrap()
}

#[test]
fn every_route_and_method_is_described_and_nothing_else_is() {
    let described: BTreeSet<(String, String)> = description()["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, methods)| {
            let methods = methods.as_object().unwrap();
            methods
                .keys()
                .map(|method| (path.clone(), method.clone()))
                .collect::<Vec<_>>()
        })
        .collect();
    let routed: BTreeSet<(String, String)> = ROUTES
        .iter()
        .flat_map(|route| {
            route
                .methods
                .iter()
                .map(|m| (route.path.into(), (*m).into()))
        })
        .collect();
    assert_eq!(described, routed);
}

#[test]
fn every_error_code_is_described_and_nothing_else_is() {
    let codes = description()["components"]["schemas"]["ErrorBody"]["properties"]["error"]
        ["properties"]["code"]["enum"]
        .clone();
    let described: BTreeSet<&str> = codes
        .as_array()
        .unwrap()
        .iter()
        .map(|code| code.as_str().unwrap())
        .collect();
    let known: BTreeSet<&str> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(described, known);
}

#[test]
fn every_status_of_an_error_has_a_description_that_names_its_codes() {
    let description = description();
    let responses = &description["components"]["responses"];
    for code in ErrorCode::ALL {
        let response = &responses[format!("Error{}", code.status())];
        let said = response["description"].as_str().unwrap_or_default();
        assert!(said.contains(&format!("`{code}`")), "{code}");
    }
}

#[test]
fn every_reference_leads_somewhere() {
    fn check(part: &Value, whole: &Value) {
        match part {
            Value::Object(fields) => {
                if let Some(Value::String(reference)) = fields.get("$ref") {
                    let target = whole.pointer(reference.strip_prefix('#').unwrap());
                    assert!(target.is_some(), "{reference}");
                }
                fields.values().for_each(|field| check(field, whole));
            }
            Value::Array(items) => items.iter().for_each(|item| check(item, whole)),
            _ => {}
        }
    }
    let description = description();
    check(&description, &description);
    let operations = description["paths"].as_object().unwrap().values();
    for operation in operations.flat_map(|methods| methods.as_object().unwrap().values()) {
        let statuses = operation["responses"].as_object().unwrap();
        assert!(statuses.keys().any(|status| status.starts_with('2')));
    }
}

#[test]
fn every_integer_says_how_large_it_can_be() {
    fn check(part: &Value, place: &str) {
        if part["type"] == "integer" && part.get("const").is_none() {
            for bound in ["format", "minimum", "maximum"] {
                assert!(part.get(bound).is_some(), "{bound} of {place}");
            }
        }
        match part {
            Value::Object(fields) => fields
                .iter()
                .for_each(|(name, field)| check(field, &format!("{place}/{name}"))),
            Value::Array(items) => items.iter().for_each(|item| check(item, place)),
            _ => {}
        }
    }
    check(&description(), "");
}

#[tokio::test]
#[allow(clippy::panic)]
async fn a_panic_is_answered_in_the_one_shape_and_does_not_quote_itself() {
    let router: Router = Router::new()
        .route(
            "/",
            get(async || {
                if true {
                    panic!("secret")
                }
            }),
        )
        .layer(CatchPanicLayer::custom(super::answer::panicked));
    let response = router.oneshot(Request::new(Body::empty())).await.unwrap();
    assert_eq!(response.status(), 500);
    let body = axum::body::to_bytes(response.into_body(), 10_000)
        .await
        .unwrap();
    let error: ErrorBody = serde_json::from_slice(&body).unwrap();
    assert_eq!(error.error.code, ErrorCode::Internal);
    assert!(!String::from_utf8_lossy(&body).contains("secret"));
}
