//! Recordings and pictures on an entry's page: played part by part, looked at, and gone when they are taken back.

use companion_core::domain::ItemId;
use companion_core::records::NewAttachment;
use companion_core::testing::media::{png, recording};

use super::*;

impl Console {
    fn attach(&self, file: &[u8], caption: &str) -> ItemId {
        let new = NewAttachment {
            size: file.len() as u64,
            caption: caption.to_owned(),
            ..NewAttachment::default()
        };
        let attached = self.stage.phone.attach(self.river.id, new, &mut &*file);
        let all = attached.unwrap().content.attachments;
        all.iter().last().unwrap().0
    }

    fn bytes_of(&self, item: ItemId) -> String {
        format!("{}/attachments/{item}", self.entry())
    }

    /// Asks for a part of some bytes, and gives them as they are.
    async fn part(&self, place: &str, cookie: &str, range: Option<&str>) -> (Answer, Vec<u8>) {
        let mut request = Request::get(place)
            .header("cookie", cookie)
            .header("host", NAME);
        if let Some(range) = range {
            request = request.header("range", range);
        }
        let response = router(Arc::clone(&self.app))
            .oneshot(request.body(Body::empty()).unwrap())
            .await
            .unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, 1 << 20).await.unwrap();
        let answer = Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::new(),
        };
        (answer, bytes.to_vec())
    }
}

#[tokio::test]
async fn a_recording_is_played_from_any_place_and_written_down_once() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let file = recording(16_000);
    let item = console.attach(&file, "By the <river>.");
    console.stage.sync();
    let page = console.get(&console.entry(), &cookie).await;
    let place = console.bytes_of(item);
    for said in [
        &format!("<audio controls preload=\"none\" src=\"{place}\""),
        "aria-label=\"Recording 1: By the &lt;river&gt;.\"",
        "Recording 1</strong>",
        "1 s · 17 kB",
        "<svg class=\"wave\"",
    ] {
        assert!(page.body.contains(said), "{said}: {}", page.body);
    }
    assert!(
        page.header("content-security-policy")
            .contains("media-src 'self'")
    );
    let (whole, bytes) = console.part(&place, &cookie, None).await;
    assert_eq!((whole.status, bytes == file), (StatusCode::OK, true));
    for (name, value) in [
        ("content-type", "audio/wav"),
        ("accept-ranges", "bytes"),
        ("content-length", "16044"),
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
        ("content-disposition", "inline; filename=\"recording.wav\""),
    ] {
        assert_eq!(whole.header(name), value, "{name}");
    }
    let (part, bytes) = console.part(&place, &cookie, Some("bytes=8000-8099")).await;
    assert_eq!(part.status, StatusCode::PARTIAL_CONTENT);
    assert_eq!(part.header("content-range"), "bytes 8000-8099/16044");
    assert!(bytes == file[8000..8100]);
    let (beyond, bytes) = console.part(&place, &cookie, Some("bytes=16044-")).await;
    assert_eq!(beyond.status, StatusCode::RANGE_NOT_SATISFIABLE);
    assert_eq!(beyond.header("content-range"), "bytes */16044");
    assert!(bytes.is_empty());
    assert_eq!(console.audited("opened attachment").len(), 1);
}

#[tokio::test]
async fn a_picture_stands_small_on_the_page_with_the_patients_words_and_opens() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let item = console.attach(&png(1, 1), "");
    console.stage.sync();
    let page = console.get(&console.entry(), &cookie).await.body;
    let place = console.bytes_of(item);
    assert!(
        page.contains(&format!("<a class=\"picture\" href=\"{place}\">")),
        "{page}"
    );
    assert!(
        page.contains("<img src=\"data:image/jpeg;base64,") && page.contains("alt=\"Picture 1\"")
    );
    assert!(page.contains("No words were given to it.") && page.contains("1 × 1 pixels"));
    let (picture, bytes) = console.part(&place, &cookie, None).await;
    assert_eq!(picture.header("content-type"), "image/png");
    assert_eq!(
        picture.header("content-security-policy"),
        "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; form-action 'none'; base-uri 'none'; \
         frame-ancestors 'none'",
        "the browser's own page around a picture may style itself, and nothing else"
    );
    assert!(bytes.starts_with(b"\x89PNG"));
}

#[tokio::test]
async fn what_has_not_arrived_says_so_and_what_is_taken_back_is_gone() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let item = console.attach(&recording(16_000), "By the river.");
    let place = console.bytes_of(item);
    console.stage.relay.hold_blobs_back(true);
    console.stage.sync();
    let page = console.get(&console.entry(), &cookie).await.body;
    assert!(
        page.contains("Not here yet") && !page.contains("<audio"),
        "{page}"
    );
    assert!(page.contains("By the river."), "its words are");
    let (none, _) = console.part(&place, &cookie, None).await;
    assert_eq!(none.status, StatusCode::CONFLICT);
    console.stage.relay.hold_blobs_back(false);
    console.stage.sync();
    let page = console.get(&console.entry(), &cookie).await.body;
    assert!(
        page.contains("<audio") && !page.contains("Not here yet"),
        "{page}"
    );
    assert_eq!(
        console.part(&place, &cookie, None).await.0.status,
        StatusCode::OK
    );
    // Nobody who is not signed in, and no other name.
    let (nobody, bytes) = console.part(&place, "", None).await;
    assert!(nobody.status != StatusCode::OK && bytes.is_empty());
    for nowhere in [
        console.bytes_of(ItemId::new([9; 16])),
        format!("{}/attachments/x", console.entry()),
        format!(
            "{}/attachments/{item}",
            console.entry_of(console.stage.patient)
        ),
    ] {
        let (none, _) = console.part(&nowhere, &cookie, None).await;
        assert_eq!(none.status, StatusCode::NOT_FOUND, "{nowhere}");
    }
    console
        .stage
        .phone
        .withdraw::<Entry>(console.river.id)
        .unwrap();
    console.stage.sync();
    let (gone, _) = console.part(&place, &cookie, None).await;
    assert!(gone.status.is_client_error(), "{}", gone.status);
    let page = console.get(&console.entry(), &cookie).await.body;
    assert!(
        !page.contains("<audio") && !page.contains("By the river."),
        "{page}"
    );
}

#[tokio::test]
async fn nobody_has_opened_a_recording_who_only_saw_its_line_in_the_timeline() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let (phone, patient) = (&console.stage.phone, console.patient());
    let written = console.stage.write("Spoken", "");
    let file = recording(8_000);
    let new = NewAttachment {
        size: file.len() as u64,
        ..NewAttachment::default()
    };
    phone.attach(written.id, new, &mut &file[..]).unwrap();
    let short = console.stage.write("Written", "Two words.");
    console.stage.sync();
    let page = console.get(&patient, &cookie).await.body;
    assert!(page.contains("1 recording</span>"), "{page}");
    console.stage.sync();
    let opened = |id| {
        let view = phone.get::<Entry>(id).unwrap();
        matches!(
            view.delivery,
            companion_core::records::DeliveryState::Opened { .. }
        )
    };
    assert!(opened(short.id), "a few words are read in passing");
    assert!(!opened(written.id));
    console.get(&console.entry_of(written.id), &cookie).await;
    console.stage.sync();
    assert!(opened(written.id));
}
