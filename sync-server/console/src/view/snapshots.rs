//! Whole pages from fixed view models, as they stood when somebody last looked at them.

use maud::Markup;

use super::caseload::{self, Filter, Question};
use super::form::Field;
use super::invitation::{self, InviteForm};
use super::model::*;
use super::patient::{self, SessionForm};
use super::sign_in::{self, SignInForm};
use super::{entry, message, sample};

/// One element a line, and no fingerprints: a change of the stylesheet is no change of a page.
fn readable(page: &Markup) -> String {
    let mut text = page.0.replace("><", ">\n<");
    for asset in [
        &crate::web::assets::STYLE,
        &crate::web::assets::LIVE,
        &crate::web::assets::HTMX,
        &crate::web::assets::MARK,
    ] {
        let kind = asset.path.rsplit('.').next().unwrap_or_default();
        text = text.replace(&asset.path, &format!("/assets/fixed.{kind}"));
    }
    text
}

fn caseload_page(rows: &[CaseRow], question: &Question) -> Markup {
    caseload::page(
        &sample::frame(),
        rows,
        &[],
        question,
        "/?show=all&q=".to_owned(),
    )
}

#[test]
fn sign_in() {
    let mut frame = sample::frame();
    frame.viewer = None;
    insta::assert_snapshot!(
        "sign_in",
        readable(&sign_in::page(&frame, &SignInForm::default()))
    );
    let form = SignInForm {
        name: Field::of("Mira"),
        error: Some("Name and passphrase do not fit. Check both and try again.".to_owned()),
    };
    insta::assert_snapshot!("sign_in_refused", readable(&sign_in::page(&frame, &form)));
}

#[test]
fn the_caseload() {
    insta::assert_snapshot!(
        "caseload",
        readable(&caseload_page(&sample::caseload(), &Question::default()))
    );
    insta::assert_snapshot!(
        "caseload_empty",
        readable(&caseload_page(&[], &Question::default()))
    );
    let question = Question {
        words: "a \"quoted\" <name> & more".to_owned(),
        filter: Filter::ToRead,
    };
    insta::assert_snapshot!(
        "caseload_nobody",
        readable(&caseload_page(&sample::caseload(), &question))
    );
}

#[test]
fn a_caseload_while_the_server_is_out_of_reach() {
    let mut frame = sample::frame();
    frame.exchange = Exchange::Unreachable {
        last: Some(sample::moment("2026-11-23T17:02:00+01:00")),
    };
    let page = caseload::page(
        &frame,
        &sample::caseload(),
        &["a change of <someone> was withheld".to_owned()],
        &Question::default(),
        "/".to_owned(),
    );
    assert!(page.0.contains("The sync server can’t be reached."));
    assert!(page.0.contains("today 17:02"));
    assert!(page.0.contains("A change of &lt;someone&gt; was withheld."));
}

#[test]
fn a_patient() {
    let page = patient::page(
        &sample::frame(),
        &sample::patient(),
        patient::Filter::All,
        &SessionForm::default(),
    );
    insta::assert_snapshot!("patient", readable(&page));
    let mut nothing = sample::patient();
    nothing.timeline.clear();
    nothing.check_ins.clear();
    nothing.sessions.clear();
    nothing.devices.clear();
    nothing.banner.last_received = None;
    nothing.banner.pairing = Pairing::CompareWords;
    let form = SessionForm {
        number: Field::of("minus one").wrong("Write a whole number from 1 to 999."),
        at: Field::of(""),
        note: Field::of("kept as typed"),
    };
    let page = patient::page(&sample::frame(), &nothing, patient::Filter::Entries, &form);
    insta::assert_snapshot!("patient_without_anything", readable(&page));
}

#[test]
fn an_entry() {
    let page = entry::page(&sample::frame(), &sample::entry(), &Field::default());
    insta::assert_snapshot!("entry", readable(&page));
    let mut reviewed = sample::entry();
    reviewed.reviewed = Some(OpeningLine {
        by: "Dr Mira Haddad".to_owned(),
        at: sample::now(),
    });
    let mut frame = sample::frame();
    frame.notice = Some("Marked reviewed.");
    let page = entry::page(
        &frame,
        &reviewed,
        &Field::of("").wrong("Write something first."),
    );
    insta::assert_snapshot!("entry_reviewed_with_an_empty_reply", readable(&page));
}

#[test]
fn a_withdrawn_entry_shows_nothing_of_itself() {
    let mut page = sample::entry();
    page.content = EntryContent::Withdrawn { at: sample::now() };
    let page = entry::page(&sample::frame(), &page, &Field::default());
    assert!(!page.0.contains("river") && !page.0.contains("textarea"));
    insta::assert_snapshot!("entry_withdrawn", readable(&page));
}

#[test]
fn an_invitation_through_its_steps() {
    let form = InviteForm {
        name: Field::of("  ").wrong("Write the name that the care team uses."),
        phase: Field::of("preparation"),
        ..InviteForm::default()
    };
    insta::assert_snapshot!(
        "invite_form",
        readable(&invitation::form_page(&sample::frame(), &form))
    );
    let link = "kap://pair/short";
    let steps = [
        (
            "invitation_waiting",
            InvitationStep::Waiting {
                link: Some(link.to_owned()),
                expires_at: sample::moment("2026-11-24T20:30:00+01:00"),
            },
        ),
        (
            "invitation_words",
            InvitationStep::CompareWords {
                words: ["harbour", "violin", "maple"].map(str::to_owned).to_vec(),
            },
        ),
        (
            "invitation_paired",
            InvitationStep::Paired {
                at: Some(sample::now()),
            },
        ),
        ("invitation_ended", InvitationStep::Ended),
    ];
    for (name, step) in steps {
        let page = invitation::page(&sample::frame(), &sample::invitation(step));
        insta::assert_snapshot!(name, readable(&page));
    }
}

#[test]
fn what_patients_write_is_never_markup() {
    let hostile = "<script>alert(1)</script><img src=x onerror=alert(2)>\" onload=\"x";
    let mut page = sample::entry();
    if let EntryContent::Shown(text) = &mut page.content {
        text.title = hostile.to_owned();
        text.body = hostile.to_owned();
        text.kind = hostile.to_owned();
        text.tags = vec![hostile.to_owned()];
    }
    page.patient.name = hostile.to_owned();
    page.patient.pronouns = hostile.to_owned();
    for reply in &mut page.replies {
        reply.body = hostile.to_owned();
        reply.by = hostile.to_owned();
    }
    let drawn = entry::page(&sample::frame(), &page, &Field::of(hostile).wrong(hostile));
    let mut rows = sample::caseload();
    for row in &mut rows {
        row.name = hostile.to_owned();
    }
    let question = Question {
        words: hostile.to_owned(),
        filter: Filter::All,
    };
    for html in [drawn.0, caseload_page(&rows, &question).0] {
        assert!(
            !html.contains("<script>alert") && !html.contains("<img src=x"),
            "{html}"
        );
        assert!(!html.contains("\" onload"), "{html}");
        assert!(
            html.contains("&lt;script&gt;alert(1)"),
            "the text itself is still there"
        );
    }
}

#[test]
fn no_page_has_inline_style_or_script() {
    let pages = [
        caseload_page(&sample::caseload(), &Question::default()),
        patient::page(
            &sample::frame(),
            &sample::patient(),
            patient::Filter::All,
            &SessionForm::default(),
        ),
        entry::page(&sample::frame(), &sample::entry(), &Field::default()),
        message::page(&sample::frame(), "Heading", "Text."),
    ];
    for page in pages {
        for banned in [" style=", " onclick=", "hx-on", "javascript:", "<style"] {
            assert!(!page.0.contains(banned), "{banned}");
        }
    }
}
