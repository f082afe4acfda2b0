//! Frames and JSON of the HTTP interface.

use companion_protocol::api::{ChainPage, ErrorBody, ErrorCode, MAX_PUSH, PullPage, PushBatch};
use companion_protocol::id::{Incarnation, LogNumber};
use companion_protocol::wire::{Reader, WireError, Writer};

#[test]
fn a_push_holds_at_most_512_changes() {
    let full = PushBatch {
        changes: vec![vec![1]; MAX_PUSH],
    };
    assert_eq!(PushBatch::decode(&full.encode()), Ok(full));
    let over = PushBatch {
        changes: vec![vec![1]; MAX_PUSH + 1],
    };
    assert_eq!(
        PushBatch::decode(&over.encode()),
        Err(WireError::BadValue("count"))
    );
}

#[test]
fn a_page_is_numbered_from_one_upwards() {
    let page = |numbers: &[u64]| {
        let changes = numbers
            .iter()
            .map(|number| (LogNumber(*number), vec![1]))
            .collect();
        let page = PullPage {
            incarnation: Incarnation::ZERO,
            head: LogNumber(9),
            changes,
        };
        PullPage::decode(&page.encode())
    };
    for numbers in [&[0][..], &[0, 1], &[1, 1], &[2, 1], &[1, 3, 2]] {
        assert_eq!(
            page(numbers),
            Err(WireError::BadValue("number")),
            "{numbers:?}"
        );
    }
    assert!(page(&[]).is_ok());
    assert!(
        page(&[1, 2, 7]).is_ok(),
        "a log of a server may have holes; counters tell"
    );
}

#[test]
fn a_count_without_its_content_costs_nothing() {
    let promised = |magic: &[u8; 2], zeros: usize| {
        let mut to = Writer::new();
        to.array(magic).u8(1).array(&vec![0; zeros]).u32(u32::MAX);
        to.finish()
    };
    assert_eq!(
        PullPage::decode(&promised(b"KL", 24)),
        Err(WireError::Truncated)
    );
    assert_eq!(
        ChainPage::decode(&promised(b"KH", 24)),
        Err(WireError::Truncated)
    );
    assert_eq!(
        PushBatch::decode(&promised(b"KP", 0)),
        Err(WireError::BadValue("count"))
    );
    assert_eq!(Reader::new(&[0xff; 4]).bytes(), Err(WireError::Truncated));
}

#[test]
fn every_error_code_reads_back_what_it_writes() {
    for code in ErrorCode::ALL {
        let text = serde_json::to_string(code).unwrap();
        assert_eq!(text, format!("\"{code}\""));
        assert_eq!(serde_json::from_str::<ErrorCode>(&text).unwrap(), *code);
        assert!((400..600).contains(&code.status()), "{code}");
    }
}

#[test]
fn a_code_of_a_later_server_is_unknown_and_not_an_error() {
    let body = r#"{"error":{"code":"teapot","message":"short and stout","more":1},"also":2}"#;
    let body: ErrorBody = serde_json::from_str(body).unwrap();
    assert_eq!(body.error.code, ErrorCode::Unknown);
    assert!(body.error.detail.is_empty());
    let again = serde_json::to_string(&ErrorCode::Unknown).unwrap();
    assert_eq!(
        serde_json::from_str::<ErrorCode>(&again).unwrap(),
        ErrorCode::Unknown
    );
    assert!(!ErrorCode::ALL.contains(&ErrorCode::Unknown));
    assert!(serde_json::from_str::<ErrorCode>("7").is_err());
}
