//! Whole pages from fixed values, as they stood when somebody last looked at them.

use companion_core::clinic::{CaseRow, InviteState, Safety, SharingOver};
use companion_core::domain::flag_rule::RuleWhen;
use companion_core::domain::programme::{PlanCheck, SessionCount};
use companion_core::domain::{EntryKind, FlagRule, Monitoring};
use companion_core::protocol::id::SpaceId;
use companion_core::{StandingWarning, WarningCode, WarningId};
use maud::Markup;

use super::caseload::{self, Filter, Question};
use super::form::{Field, Form};
use super::frame::Exchange;
use super::patient::Forms;
use super::shared::SharedContent;
use super::shelf::{Shelf, Thing, on_its_shelf};
use super::sign_in::{self, SignInForm};
use super::timeline::{Counts, Filter as Part, Timeline};
use super::{examples, flags, invitation, message, noticed, patient, register, safety, shared};

/// One element a line, and no fingerprints: a change of the stylesheet is no change of a page.
pub(super) fn readable(page: &Markup) -> String {
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
        &examples::frame(),
        rows,
        caseload::Besides::default(),
        question,
        "/?show=all&q=".to_owned(),
    )
}

#[test]
fn sign_in() {
    let mut frame = examples::frame();
    frame.viewer = None;
    insta::assert_snapshot!(
        "sign_in",
        readable(&sign_in::page(&frame, &SignInForm::default()))
    );
    let form = SignInForm {
        name: Field::of("Mira"),
        to: "/patients/0b0b?show=entries".to_owned(),
        error: Some("Name and passphrase do not fit. Check both and try again.".to_owned()),
    };
    insta::assert_snapshot!("sign_in_refused", readable(&sign_in::page(&frame, &form)));
}

#[test]
fn who_ended_their_account_is_said_so_on_their_page_and_in_the_caseload() {
    let at = examples::moment("2026-11-22T18:30:00+01:00");
    let mut ada = examples::ada();
    let ended = |taken_back| SharingOver::AccountEnded { at, taken_back };
    ada.over = Some(ended(Some(false)));
    insta::assert_snapshot!(
        "account_ended",
        readable(&patient::banner(&examples::frame(), &ada, true))
    );
    let mut rows = examples::caseload();
    rows.retain(|row| row.record.name == "Lena Novak");
    let mut row = |over| {
        rows.iter_mut().for_each(|row| row.over = Some(over));
        readable(&caseload_page(&rows, &Question::default()))
    };
    let page = row(ended(None));
    assert!(page.contains("Ended their account yesterday"), "{page}");
    let page = row(SharingOver::Forgotten);
    assert!(
        page.contains("The server no longer has this record"),
        "{page}"
    );
    let page = row(SharingOver::OutOfIt);
    assert!(page.contains("This system is out of the record"), "{page}");
    for (name, over) in [
        ("account_ended_and_taken_back", ended(Some(true))),
        ("forgotten_by_the_server", SharingOver::Forgotten),
        ("out_of_the_record", SharingOver::OutOfIt),
    ] {
        ada.over = Some(over);
        insta::assert_snapshot!(
            name,
            readable(&patient::banner(&examples::frame(), &ada, true))
        );
    }
}

#[test]
fn the_caseload() {
    insta::assert_snapshot!(
        "caseload",
        readable(&caseload_page(&examples::caseload(), &Question::default()))
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
        readable(&caseload_page(&examples::caseload(), &question))
    );
}

#[test]
#[allow(clippy::panic)]
fn flags_on_a_patients_page() {
    let flags = examples::shown_flags();
    let [new, taken, ..] = flags.as_slice() else {
        panic!("{flags:?}");
    };
    let mut forms = Forms::default();
    let section = |forms: &Forms| {
        let patient = new.view.content.patient;
        readable(&flags::section(&examples::frame(), patient, &flags, forms))
    };
    insta::assert_snapshot!("flags", section(&forms));
    let mut typed = Form::default().with("close_words", "").kept();
    typed.wrong("close_words", "Write what was done.");
    forms.close.insert(taken.view.id, typed);
    let page = section(&forms);
    assert!(page.contains("Write what was done.") && page.contains("aria-invalid=\"true\""));
}

#[test]
fn the_page_of_safety() {
    let mut safety = Safety {
        monitoring: None,
        card: None,
        rules: Vec::new(),
        unreadable: Vec::new(),
        behind: 0,
    };
    let page = |safety: &Safety| {
        let forms = safety::Forms::present(safety);
        readable(&safety::page(&examples::frame(), safety, &forms))
    };
    insta::assert_snapshot!("safety_not_set", page(&safety));
    let at = examples::moment("2026-11-20T09:00:00+01:00");
    safety.monitoring = Some(Monitoring {
        hours: [("mon".to_owned(), "09:00-17:00".to_owned())].into(),
        zone: "Europe/Berlin".to_owned(),
        responsible: "Dr Mira Haddad".to_owned(),
        by: "Maya <Lindqvist>".to_owned(),
        at,
    });
    let rule = |name, retired_at| {
        let rule = FlagRule {
            measure: "phq-9".to_owned(),
            when: RuleWhen::AnswerAtLeast,
            points: 2,
            item: Some(2),
            words: "Feeling down: call within two days.".to_owned(),
            by: "Maya Lindqvist".to_owned(),
            at,
            retired_at,
        };
        examples::view(name, rule)
    };
    safety.rules = vec![rule(1, None), rule(2, Some(at))];
    safety.behind = 2;
    insta::assert_snapshot!("safety", page(&safety));
}

#[test]
fn a_caseload_while_the_server_is_out_of_reach() {
    let mut frame = examples::frame();
    frame.exchange = Exchange::Failed {
        why: "The sync server can’t be reached".to_owned(),
        last: Some(examples::moment("2026-11-23T17:02:00+01:00")),
    };
    let page = message::page(&frame, "Heading", "Text.");
    assert!(page.0.contains("The sync server can’t be reached."));
    assert!(page.0.contains("today 17:02") && !page.0.contains("Last checked with"));
    frame.exchange = Exchange::Partial {
        at: examples::now(),
        why: "the server refused: unknown clinic".to_owned(),
    };
    let page = message::page(&frame, "Heading", "Text.");
    assert!(page.0.contains("The server refused: unknown clinic."));
    assert!(!page.0.contains("Last checked with"), "it is no check");
}

#[test]
fn what_the_record_noticed_stands_below_the_patients_and_can_be_dismissed() {
    let rows = examples::caseload();
    let warning = |id, code, space| StandingWarning {
        id: WarningId(id),
        code,
        space,
        detail: "change 7 of <someone>".to_owned(),
        at_ms: examples::now().unix_ms,
    };
    let ada = rows.iter().find(|row| row.record.name == "Ada Okafor");
    let space = ada.map(|row| row.record.care_space);
    let page = caseload::page(
        &examples::frame(),
        &rows,
        caseload::Besides {
            warnings: &[
                warning(1, Some(WarningCode::Withheld), space),
                warning(2, None, None),
            ],
            in_two_wordings: 0,
        },
        &Question::default(),
        "/".to_owned(),
    );
    let page = readable(&page);
    let (_, noticed) = page
        .split_once("<section class=\"card warned\"")
        .unwrap_or_default();
    let (noticed, _) = noticed.split_once("</section>").unwrap_or_default();
    insta::assert_snapshot!("caseload_noticed", noticed);
}

#[test]
fn a_patient() {
    let ada = examples::patient();
    let forms = Forms {
        correct: register::present(&ada.patient.record),
        ..Forms::default()
    };
    let page = patient::page(&examples::frame(), &ada, &forms);
    insta::assert_snapshot!("patient", readable(&page));
    let mut nothing = examples::patient();
    nothing.timeline = Timeline {
        filter: Part::Shelf(Shelf::Entries),
        counts: Counts {
            replies: Some(0),
            ..Counts::default()
        },
        ..Timeline::default()
    };
    nothing.over_time = super::chart::OverTime::default();
    nothing.sessions.clear();
    nothing.patient.devices.clear();
    nothing.patient.last_received_ms = None;
    nothing.patient.invite = examples::joined();
    nothing.costs = None;
    nothing.count = SessionCount::default();
    nothing.check = PlanCheck::default();
    let mut session = Form::default()
        .with("number", "minus one")
        .with("note", "kept as typed");
    session.wrong("number", "The session's number is not between 1 and 999.");
    let forms = Forms {
        session,
        correct: register::present(&nothing.patient.record),
        ..Forms::default()
    };
    let page = patient::page(&examples::frame(), &nothing, &forms);
    insta::assert_snapshot!("patient_without_anything", readable(&page));
}

#[test]
fn what_a_record_noticed_stands_on_the_patients_page_with_what_to_do() {
    let warnings = [
        WarningCode::ChainForked,
        WarningCode::FalseRotation,
        WarningCode::Contradicted,
        WarningCode::Retracted,
        WarningCode::Dropped,
    ]
    .map(examples::noticed);
    let patient = examples::ada();
    let card = noticed::of_patient(&examples::frame(), patient.id, &warnings);
    insta::assert_snapshot!("noticed", readable(&card));
    let mut page = examples::patient();
    page.warnings = warnings.to_vec();
    let page = patient::page(&examples::frame(), &page, &Forms::default()).0;
    assert!(page.contains(&card.0));
    let fork = examples::fork();
    for (snapshot, fork) in [
        ("two_histories", Some(&fork)),
        ("two_histories_no_more", None),
    ] {
        let page = noticed::two_histories(&examples::frame(), &patient, fork);
        // Where there are none, nothing is said of "here".
        let says = page.0.contains("two different steps");
        assert_eq!(says, fork.is_some());
        insta::assert_snapshot!(snapshot, readable(&page));
    }
    // Every warning says what it is and what to do, in whole sentences and without a mark-up of its own.
    for &code in WarningCode::ALL {
        let warnings = [examples::noticed(code)];
        let card = noticed::of_patient(&examples::frame(), patient.id, &warnings).0;
        assert!(
            card.contains("dismiss") && !card.contains("<someone>"),
            "{card}"
        );
    }
}

#[test]
fn a_long_record_is_shown_a_page_at_a_time_and_says_so() {
    let mut page = examples::patient();
    page.timeline.filter = Part::Shelf(Shelf::Entries);
    page.timeline.counts = Counts {
        shared: [(Shelf::Entries, 120)].into(),
        ..Counts::default()
    };
    page.timeline.before = Some("1.ab.cd____".to_owned());
    page.timeline.older = Some("2.ab.cd____".to_owned());
    page.over_time.older = 40;
    let id = page.patient.id;
    let html = patient::page(&examples::frame(), &page, &Forms::default()).0;
    for part in [
        format!("href=\"/patients/{id}?show=entries&amp;before=2.ab.cd____#timeline\""),
        format!("href=\"/patients/{id}?show=entries#timeline\""),
        // A page that refreshes itself stays where it is.
        format!("hx-get=\"/patients/{id}?show=entries&amp;before=1.ab.cd____\""),
        "40 older ones stand in the timeline".to_owned(),
    ] {
        assert!(html.contains(&part), "{part}");
    }
    page.over_time.check_ins.clear();
    let html = patient::page(&examples::frame(), &page, &Forms::default()).0;
    assert!(
        html.contains("No check-ins in the last 90 days.")
            && !html.contains("have been shared yet")
    );
}

#[test]
fn an_entry() {
    let page =
        |shown, reply: &Field| shared::page(&examples::frame(), &examples::entry(shown), reply);
    insta::assert_snapshot!(
        "entry",
        readable(&page(examples::shown(), &Field::default()))
    );
    let mut reviewed = examples::shown();
    reviewed.shared.review = Some(examples::review_by_mira(&reviewed.shared));
    let mut frame = examples::frame();
    frame.notice = Some("Marked reviewed.".into());
    let empty = Field::of("").wrong("The reply is empty.");
    let drawn = shared::page(&frame, &examples::entry(reviewed), &empty);
    insta::assert_snapshot!("entry_reviewed_with_an_empty_reply", readable(&drawn));
    let mut changed = examples::shown();
    changed.shared.changed_since_review = Some(examples::review_by_mira(&changed.shared));
    changed.shared.view.revision = companion_core::domain::Revision::default();
    let html = page(changed, &Field::default()).0;
    assert!(html.contains("Changed since it was reviewed by <bdi>Dr Mira Haddad</bdi>, "));
    assert!(html.contains("An earlier version was opened by <bdi>Dr Mira Haddad</bdi> "));
    assert!(!html.contains("Opened by") && html.contains("Mark reviewed"));
}

#[test]
fn a_check_in() {
    let shown = examples::shown_check_in();
    let draft = Field {
        is_kept: true,
        ..Field::of("I was going to say")
    };
    let page = shared::page(&examples::frame(), &examples::check_in(shown), &draft);
    insta::assert_snapshot!("check_in", readable(&page));
}

#[test]
fn a_withdrawn_entry_shows_nothing_of_itself() {
    let mut page = examples::entry(examples::shown());
    page.content = SharedContent::Withdrawn {
        at: examples::now(),
    };
    let drawn = shared::page(&examples::frame(), &page, &Field::default());
    assert!(!drawn.0.contains("river") && !drawn.0.contains("textarea"));
    insta::assert_snapshot!("entry_withdrawn", readable(&drawn));
    let typed = Field::of("I was going to say").wrong("The patient took this back.");
    let drawn = shared::page(&examples::frame(), &page, &typed).0;
    assert!(drawn.contains("I was going to say") && drawn.contains("was not sent"));
}

#[test]
fn an_invitation_through_its_steps() {
    let mut form = Form::default()
        .with("name", "  ")
        .with("therapist", "Maya Lindqvist");
    form.wrong("name", "The name is empty.");
    insta::assert_snapshot!(
        "invite_form",
        readable(&invitation::form_page(&examples::frame(), &form, None))
    );
    let steps = [
        ("invitation_waiting", examples::waiting()),
        ("invitation_words", examples::joined()),
        (
            "invitation_words_of_another_phone",
            examples::joined_again(),
        ),
        (
            "invitation_paired",
            InviteState::Paired {
                at: examples::now(),
            },
        ),
        ("invitation_ended", InviteState::NotInvited),
        ("invitation_not_made_yet", InviteState::Registered),
        (
            "invitation_refused",
            InviteState::Refused {
                at: examples::now(),
            },
        ),
        ("invitation_unreadable", InviteState::Unreadable),
    ];
    for (name, invite) in steps {
        let page = examples::invitation(invite, Some("kap://pair/short"));
        insta::assert_snapshot!(name, readable(&invitation::page(&examples::frame(), &page)));
    }
    let mut page = examples::invitation(examples::joined(), None);
    page.not_answered = Some("Nothing was changed: the sync server can’t be reached.".to_owned());
    page.warnings = vec![examples::noticed(WarningCode::Contradicted)];
    insta::assert_snapshot!(
        "invitation_words_not_answered",
        readable(&invitation::page(&examples::frame(), &page))
    );
    let page = examples::invitation(examples::paired(), None);
    insta::assert_snapshot!(
        "invitation_paired_without_a_link",
        readable(&invitation::page(&examples::frame(), &page))
    );
}

#[test]
fn what_patients_write_is_never_markup() {
    let hostile = "<script>alert(1)</script><img src=x onerror=alert(2)>\" onload=\"x";
    let mut shown = examples::shown();
    let Thing::Entry(entry) = &mut shown.shared.view.content else {
        return;
    };
    entry.title = hostile.to_owned();
    entry.body = hostile.to_owned();
    entry.kind = EntryKind::Other(hostile.to_owned());
    entry.tags = [hostile.to_owned()].into();
    let in_timeline = on_its_shelf(examples::shared(0xe1, (**entry).clone(), true));
    for reply in &mut shown.replies {
        reply.content.body = hostile.to_owned();
        reply.content.by = hostile.to_owned();
    }
    let mut page = examples::entry(shown.clone());
    page.patient.record.name = hostile.to_owned();
    page.patient.record.pronouns = hostile.to_owned();
    let typed = Field::of(hostile).wrong(hostile);
    let drawn = shared::page(&examples::frame(), &page, &typed);
    let mut timeline = examples::patient();
    timeline.timeline.items = vec![super::timeline::TimelineItem::Shared(Box::new(in_timeline))];
    let timeline = patient::page(&examples::frame(), &timeline, &Forms::default());
    let mut rows = examples::caseload();
    for row in &mut rows {
        row.record.name = hostile.to_owned();
    }
    let question = Question {
        words: hostile.to_owned(),
        filter: Filter::All,
    };
    for html in [drawn.0, timeline.0, caseload_page(&rows, &question).0] {
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
        caseload_page(&examples::caseload(), &Question::default()),
        patient::page(&examples::frame(), &examples::patient(), &Forms::default()),
        shared::page(
            &examples::frame(),
            &examples::entry(examples::shown()),
            &Field::default(),
        ),
        message::page(&examples::frame(), "Heading", "Text."),
    ];
    for page in pages {
        for banned in [" style=", " onclick=", "hx-on", "javascript:", "<style"] {
            assert!(!page.0.contains(banned), "{banned}");
        }
    }
}

#[test]
fn what_several_records_noticed_alike_stands_once_and_after_what_only_one_noticed() {
    let restored = |id, space: u8| StandingWarning {
        id: WarningId(id),
        space: Some(SpaceId::new([space; 32])),
        detail: String::new(),
        ..examples::noticed(WarningCode::ServerRestored)
    };
    let mut warnings = vec![restored(3, 1), restored(5, 2), restored(9, 3)];
    warnings.push(examples::noticed(WarningCode::ChainForked));
    let rows = examples::caseload();
    let question = Question {
        filter: Filter::All,
        words: String::new(),
    };
    let page = caseload::page(
        &examples::frame(),
        &rows,
        caseload::Besides {
            warnings: &warnings,
            in_two_wordings: 0,
        },
        &question,
        String::new(),
    )
    .0;
    assert!(page.contains("/warnings/3-5-9/dismiss"), "{page}");
    assert_eq!(page.matches("/dismiss").count(), 2);
    let places = ["/warnings/1/dismiss", "/warnings/3-5-9/dismiss"].map(|words| page.find(words));
    assert!(places[0].is_some() && places[0] < places[1], "{places:?}");
}
