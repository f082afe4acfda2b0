//! A button on a page that was open while somebody else changed the thing: nothing is done, whoever pressed it is told
//! and led to the thing as it is now, and from there the same button works.

use companion_core::clinic::{Correction, NewPatient, TypedGuide};
use companion_core::domain::cost_sheet::{CostLine, Payer};
use companion_core::domain::flag::FlagAct;
use companion_core::domain::guide::{Language, Pack, Slot};
use companion_core::domain::programme::Standing;
use companion_core::domain::prompt_rules::PromptChange;
use companion_core::domain::reminder_rules::ReminderChange;
use companion_core::domain::safety_plan::{PlanLine, PlanStep};
use companion_core::domain::screening::{Finding, GROUPS};
use companion_core::domain::visit::VisitPurpose;
use companion_core::domain::{
    DosingSession, Flag, HoldsFor, ItemId, MedicineRecord, PromptRules, Readiness, ReminderRules,
    SafetyPlan, Screening, Visibility, Visit,
};
use companion_core::records::Seen;

use super::meanwhile::shown;
use super::*;
use crate::view::shelf::Shelf;

impl Console {
    /// Opens a page, lets somebody else change something, and sends the form at `action` as the page showed it; then
    /// sends it again from the page as it is now.
    async fn sent_late(&self, page: &str, action: &str, typed: &str, meanwhile: impl FnOnce()) {
        let cookie = self.signed_in().await;
        let before = self.get(page, &cookie).await.body;
        let late = format!("{typed}{}", shown(&before, action));
        meanwhile();
        let stands = self.all_of_it();
        let refused = self.post(action, &cookie, &late).await;
        assert!(
            [StatusCode::CONFLICT, StatusCode::UNPROCESSABLE_ENTITY].contains(&refused.status),
            "{action}: {} {}",
            refused.status,
            refused.body
        );
        assert!(
            refused.body.contains("meanwhile"),
            "{action}: {}",
            refused.body
        );
        assert!(
            self.all_of_it() == stands,
            "{action} changed what was not shown"
        );
        if refused.status == StatusCode::CONFLICT {
            let way = refused.body.split_once("as it is now</a>").unwrap().0;
            let way = way.rsplit_once("href=\"").unwrap().1;
            let way = way.split('"').next().unwrap();
            assert_eq!(
                self.get(way, &cookie).await.status,
                StatusCode::OK,
                "{action} leads to {way}"
            );
        }
        let again = self.fill(page, action, &cookie, typed).await;
        assert!(
            again.status.is_redirection(),
            "{action}: {} {}",
            again.status,
            again.body
        );
        assert!(self.all_of_it() != stands, "{action} did nothing");
    }

    /// Where all of the record is.
    fn all_of_it(&self) -> companion_core::records::Sequence {
        self.stage.clinic.sequence().unwrap()
    }

    fn correct(&self, patient: DocumentId, name: &str) {
        let clinic = &self.stage.clinic;
        let seen = Seen::of(&clinic.patient(patient).unwrap().record.entry());
        let correction = Correction {
            name: name.to_owned(),
            ..Correction::default()
        };
        clinic.correct_patient(patient, seen, correction).unwrap();
    }
}

#[tokio::test]
async fn a_line_that_was_rewritten_meanwhile_is_not_removed_unread() {
    let console = Console::new(Channel::Tls);
    let stage = &console.stage;
    let (clinic, patient) = (&stage.clinic, stage.patient);
    let mut plan = SafetyPlan {
        visibility: Visibility::CareTeam,
        ..SafetyPlan::new(stage.phone.now())
    };
    let item = ItemId::new([1; 16]);
    plan.lines_mut(PlanStep::Coping)
        .push(item, PlanLine::new("The lake."));
    let plan = stage.phone.create(plan).unwrap();
    stage.sync();
    let line = format!(
        "{}/lines/{item}",
        Shelf::SafetyPlans.address(patient, plan.id)
    );
    console
        .sent_late(&line, &format!("{line}/remove"), "", || {
            let edit = |plan: &mut SafetyPlan| {
                let lines = plan.lines_mut(PlanStep::Coping);
                lines.update(item, |line| *line = PlanLine::new("The lake, with Sam."));
            };
            stage.phone.edit(plan.id, &plan.revision, edit).unwrap();
            stage.sync();
        })
        .await;

    let cost = |label: &str| CostLine {
        label: label.to_owned(),
        provider: String::new(),
        payer: Payer::Cash,
        is_medicine: false,
        hsa_fsa: false,
        amount: None,
    };
    let sheet = clinic.add_cost_line(patient, cost("Session")).unwrap();
    let (item, _) = sheet.content.lines.iter().next().unwrap();
    let line = format!("{}/costs/lines/{item}", console.patient());
    console
        .sent_late(&line, &format!("{line}/remove"), "", || {
            let change = |_: &CostLine| Some(cost("Session and room"));
            clinic
                .change_cost_line(patient, sheet.id, item, change)
                .unwrap();
        })
        .await;
}

#[tokio::test]
async fn words_of_the_clinic_that_were_rewritten_meanwhile_are_not_taken_back_unread() {
    let console = Console::new(Channel::Tls);
    let clinic = &console.stage.clinic;
    let pack = Pack::ketamine().unwrap();
    let english = Language::english();
    let guide = pack
        .guide(
            &"four-phases".parse().unwrap(),
            std::slice::from_ref(&english),
        )
        .unwrap();
    let write = |text: &str| {
        let typed = TypedGuide {
            title: "Four phases".to_owned(),
            text: text.to_owned(),
        };
        clinic.write_guide(guide, "Sam", |_| Some(typed)).unwrap();
    };
    write("Come in.");
    let words = "/guides/en/four-phases/words";
    console
        .sent_late(words, &format!("{words}/back"), "", || {
            write("Come in, and sit down.");
        })
        .await;

    let rule = |text: &str| {
        let text = text.to_owned();
        clinic
            .write_rule(Slot::GettingHome, &english, "Sam", |_| Some(text))
            .unwrap();
    };
    rule("Come with somebody.");
    let address = crate::view::guides::rule_address(&english, Slot::GettingHome);
    console
        .sent_late(&address, &format!("{address}/back"), "", || {
            rule("Come with a friend.");
        })
        .await;
}

#[tokio::test]
async fn prompts_and_reminders_that_were_changed_meanwhile_are_not_put_back_unread() {
    let console = Console::new(Channel::Tls);
    let (clinic, patient) = (&console.stage.clinic, console.stage.patient);
    let prompt = |words: &str| {
        let change = PromptChange {
            prompt: "body".to_owned(),
            words: words.to_owned(),
            ..PromptChange::default()
        };
        let id = clinic.new_item();
        clinic
            .change_for_all::<PromptRules>("Sam", |rules| rules.change(id, change))
            .unwrap();
    };
    prompt("How is your body?");
    console
        .sent_late("/prompts/body", "/prompts/body/back", "", || {
            prompt("How does your body feel?");
        })
        .await;

    let reminder = |of: Option<DocumentId>, words: &str| {
        let change = ReminderChange {
            rule: "day_before".to_owned(),
            words: words.to_owned(),
            ..ReminderChange::default()
        };
        let id = clinic.new_item();
        let change = |rules: &mut ReminderRules| rules.change(id, change);
        match of {
            None => clinic.change_for_all("Sam", change).unwrap(),
            Some(patient) => clinic
                .change_for(patient, &HoldsFor::All, "Sam", change)
                .unwrap(),
        }
    };
    reminder(None, "In two days.");
    let one = "/reminders/rules/day_before";
    console
        .sent_late(one, &format!("{one}/back"), "", || {
            reminder(None, "Soon.");
        })
        .await;
    // What holds for one patient alone, from either page.
    let own = format!("{}/reminders", console.patient());
    for page in [&own, "/reminders"] {
        reminder(Some(patient), "For Ada.");
        console
            .sent_late(page, &format!("{own}/for-all"), "", || {
                reminder(Some(patient), "For Ada, who is early.");
            })
            .await;
    }
}

#[tokio::test]
async fn what_holds_for_all_again_is_not_undone_from_a_page_that_was_open() {
    let console = Console::new(Channel::Tls);
    let (clinic, patient) = (&console.stage.clinic, console.stage.patient);
    let own = |by: &str| {
        let change = |rules: &mut ReminderRules| rules.check_in_every = Some(9);
        clinic
            .change_for(patient, &HoldsFor::All, by, change)
            .unwrap();
    };
    let again = || {
        let set = clinic.held_for::<ReminderRules>(patient).unwrap().unwrap();
        let seen = Seen::of(&set.content);
        clinic
            .hold_for_all_again::<ReminderRules>(patient, seen, "Sam")
            .unwrap();
    };
    own("Mira");
    let page = format!("{}/reminders", console.patient());
    let limits = format!("{page}/limits");
    let cookie = console.signed_in().await;
    let open = console.get(&page, &cookie).await.body;
    again();
    let late = format!("per_day=1{}", shown(&open, &limits));
    let refused = console.post(&limits, &cookie, &late).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.body);
    assert!(refused.body.contains("meanwhile"), "{}", refused.body);
    let set = clinic.held_for::<ReminderRules>(patient).unwrap().unwrap();
    assert_eq!(set.content.per_day, None);
    let saved = console.fill(&page, &limits, &cookie, "per_day=1").await;
    assert!(saved.status.is_redirection(), "{}", saved.body);
}

#[tokio::test]
async fn a_programme_that_stands_otherwise_meanwhile_stays_so_and_the_words_stay_too() {
    let console = Console::new(Channel::Tls);
    let (clinic, patient) = (&console.stage.clinic, console.stage.patient);
    let cookie = console.signed_in().await;
    let page = console.patient();
    let set = |standing, reason: &str| {
        let seen = clinic.standing_seen(patient).unwrap();
        clinic
            .set_standing(patient, seen, standing, reason, "Sam")
            .unwrap();
    };
    set(Standing::Paused, "Holiday.");
    let open = console.get(&page, &cookie).await.body;
    set(Standing::Running, "");
    set(Standing::Paused, "In hospital.");
    for (form, typed) in [
        ("go-on", "from=paused&go_on_reason=Welcome+back."),
        ("end", "end_reason=Welcome+back.&closing_summary="),
    ] {
        let action = format!("{page}/{form}");
        let late = format!("{typed}{}", shown(&open, &action));
        let refused = console.post(&action, &cookie, &late).await;
        assert_eq!(
            refused.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{}",
            refused.body
        );
        for words in ["In hospital.", "Welcome back."] {
            assert!(
                refused.body.contains(words),
                "{form}: {words}: {}",
                refused.body
            );
        }
        let programme = clinic.programme(patient).unwrap().unwrap().content;
        assert_eq!(programme.standing(), Standing::Paused);
    }
    let archive = format!("{page}/archive");
    let late = shown(&open, &archive);
    let refused = console.post(&archive, &cookie, &late).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.body);
    let on = console
        .fill(&page, &format!("{page}/go-on"), &cookie, "go_on_reason=")
        .await;
    assert!(on.status.is_redirection(), "{}", on.body);
}

#[tokio::test]
async fn what_was_found_of_an_item_meanwhile_is_neither_put_aside_nor_removed_unread() {
    let console = Console::new(Channel::Tls);
    let (clinic, patient) = (&console.stage.clinic, console.stage.patient);
    let found = |item, finding| {
        let list = clinic.screening(patient).unwrap().map(|view| view.content);
        let list = list.unwrap_or_else(|| Screening::new(clinic.now()));
        let seen = Seen::of(&list.looked_at(item));
        clinic
            .note_finding(patient, item, seen, finding, "", "Sam")
            .unwrap();
    };
    let page = format!("{}/screening", console.patient());
    let (heart, _) = GROUPS[0];
    let (psychotic, _) = GROUPS[1];
    let cookie = console.signed_in().await;
    let before = console.get(&page, &cookie).await.body;
    let findings = format!("{page}/findings");
    let as_shown = shown(&before, &findings);
    console
        .sent_late(
            &page,
            &findings,
            &format!("item={heart}&finding=absent&note="),
            || found(heart, Finding::Present),
        )
        .await;
    // A finding of another item changes nothing for this one.
    let other = format!("item={psychotic}&finding=absent&note={as_shown}");
    let other = console.post(&findings, &cookie, &other).await;
    assert!(other.status.is_redirection(), "{}", other.body);

    let list = clinic.add_screening_item(patient, "Thyroid").unwrap();
    let (thyroid, _) = list.content.items.iter().last().unwrap();
    console
        .sent_late(&page, &format!("{page}/items/{thyroid}/remove"), "", || {
            found(thyroid, Finding::NeedsReview);
        })
        .await;
}

#[tokio::test]
async fn a_visit_that_was_changed_meanwhile_is_not_moved_called_off_or_put_back_unread() {
    let console = Console::new(Channel::Tls);
    let (clinic, patient) = (&console.stage.clinic, console.stage.patient);
    let in_days = |days: i64| {
        let mut at = clinic.now();
        at.unix_ms += days * 24 * 60 * 60 * 1000;
        at
    };
    let visit = clinic
        .plan_visit(patient, Visit::new(VisitPurpose::CheckUp, in_days(7)))
        .unwrap();
    let now = || clinic.get::<Visit>(patient, visit.id).unwrap();
    let moved = |days| {
        clinic
            .move_visit(patient, visit.id, &now().revision, in_days(days))
            .unwrap()
    };
    let called_off = || {
        clinic
            .call_off_visit(patient, visit.id, &now().revision)
            .unwrap()
    };
    let page = format!("{}/dates", console.patient());
    let address = format!("{}/visits/{}", console.patient(), visit.id);
    let to_move = format!("{address}/move");
    let then = "at=2026-12-20T10%3A00";
    console
        .sent_late(&page, &to_move, then, || drop(moved(8)))
        .await;
    console
        .sent_late(&page, &to_move, "at=2026-12-21T10%3A00", || {
            drop(called_off());
        })
        .await;
    console
        .sent_late(&page, &format!("{address}/call-off"), "", || {
            drop(moved(9));
        })
        .await;
    console
        .sent_late(&page, &format!("{address}/put-back"), "", || {
            moved(10);
            called_off();
        })
        .await;
}

#[tokio::test]
async fn an_entry_that_was_corrected_meanwhile_is_not_changed_unread() {
    let console = Console::new(Channel::Tls);
    let clinic = &console.stage.clinic;
    let new = |name: &str| NewPatient {
        name: name.to_owned(),
        ..NewPatient::default()
    };
    let bo = clinic.register(new("Bo")).unwrap();
    let page = format!("/patients/{bo}");
    console
        .sent_late(
            &page,
            &format!("{page}/correct"),
            "name=Bo+L.&initials=&pronouns=",
            || console.correct(bo, "Bo Lund"),
        )
        .await;
    console
        .sent_late(&page, &format!("{page}/archive"), "", || {
            console.correct(bo, "Bo Lindt");
        })
        .await;
    console
        .sent_late(&page, &format!("{page}/bring-back"), "", || {
            console.correct(bo, "Bo Lind");
        })
        .await;
    let into = format!("into={}", console.stage.patient);
    console
        .sent_late(&page, &format!("{page}/merge"), &into, || {
            console.correct(bo, "Bo Lund");
        })
        .await;
}

#[tokio::test]
async fn a_link_that_was_made_meanwhile_is_not_replaced_unread() {
    let console = Console::new(Channel::Tls);
    let stage = &console.stage;
    let page = format!("{}/invitation", console.patient());
    let action = format!("{}/reinvite", console.patient());
    console
        .sent_late(&page, &action, "", || {
            stage.clock.advance_ms(1_000);
            stage.clinic.reinvite(stage.patient).unwrap();
            stage.clock.advance_ms(1_000);
        })
        .await;
}

#[tokio::test]
async fn a_copy_that_was_shown_anew_meanwhile_is_not_taken_back_unread() {
    let console = Console::new(Channel::Tls);
    let (clinic, patient) = (&console.stage.clinic, console.stage.patient);
    let ready = Readiness::ready("Sam", clinic.now());
    clinic.create(patient, ready).unwrap();
    let mut at = clinic.now();
    at.unix_ms += 7 * 24 * 60 * 60 * 1000;
    let session = clinic
        .plan_session(patient, DosingSession::new(1, at))
        .unwrap()
        .id;
    let care_space = clinic.patient(patient).unwrap().record.care_space;
    let mut record = MedicineRecord::new(session, care_space, "Sam", clinic.now());
    record.dose = "as we agreed".to_owned();
    let record = clinic.create(patient, record).unwrap();
    clinic
        .show_medicine(patient, record.id, &record.revision, "Sam")
        .unwrap();
    let page = format!("{}/sessions/{session}/medicine", console.patient());
    console
        .sent_late(&page, &format!("{page}/hide"), "", || {
            let edit = |it: &mut MedicineRecord| it.dose = "another plan".to_owned();
            let record = clinic
                .edit(patient, record.id, &record.revision, edit)
                .unwrap();
            clinic
                .show_medicine(patient, record.id, &record.revision, "Sam")
                .unwrap();
        })
        .await;
}

#[tokio::test]
async fn a_flag_that_somebody_opened_again_meanwhile_is_neither_taken_on_nor_closed_unread() {
    let console = Console::new(Channel::Tls);
    let flag = console.ask_for_contact();
    let (clinic, patient) = (&console.stage.clinic, console.stage.patient);
    let step = |act, words: &str| {
        let now = clinic.get::<Flag>(patient, flag.id).unwrap().content;
        let seen = Seen::of(&now.steps);
        clinic
            .step_flag(patient, flag.id, seen, act, "Jo", words)
            .unwrap();
    };
    let (page, address) = (console.patient(), console.flag_address(&flag));
    let around = || {
        step(FlagAct::Closed, "Talked.");
        step(FlagAct::Reopened, "She called again.");
    };
    console
        .sent_late(&page, &format!("{address}/acknowledge"), "", || {
            step(FlagAct::Acknowledged, "");
            around();
        })
        .await;
    console
        .sent_late(
            &page,
            &format!("{address}/close"),
            "close_words=All+is+well.",
            || {
                around();
                step(FlagAct::Acknowledged, "");
            },
        )
        .await;
    console
        .sent_late(
            &page,
            &format!("{address}/reopen"),
            "reopen_words=Her+sister+called.",
            || {
                step(FlagAct::Reopened, "She called.");
                step(FlagAct::Acknowledged, "");
                step(FlagAct::Closed, "Her therapist is with her.");
            },
        )
        .await;
}
