//! Two clinicians with the same settings open: the second undoes nothing of the first that they did not touch.

use companion_core::clinic::PhaseChange;
use companion_core::domain::readiness::Appropriate;
use companion_core::domain::{DocumentId, Phase, Readiness, ReminderRules};
use companion_core::records::Seen;

use super::*;

/// What the form at `action` on a page sends along of what it showed: all its hidden fields, except the one that makes
/// it count once.
pub(super) fn shown(page: &str, action: &str) -> String {
    let form = page.split_once(&format!("action=\"{action}\"")).unwrap().1;
    let form = form.split_once("</form>").unwrap().0;
    let fields = form.split("type=\"hidden\" name=\"").skip(1);
    let fields = fields.filter_map(|field| {
        let (name, rest) = field.split_once('"')?;
        let rest = rest.strip_prefix(" value=\"");
        let value = rest.map_or("", |rest| rest.split('"').next().unwrap());
        let value = value.replace("&lt;", "<").replace("&gt;", ">");
        let value = value.replace("&quot;", "\"").replace("&amp;", "&");
        (name != "once").then(|| format!("&{name}={}", address::encode(&value)))
    });
    fields.collect()
}

impl Console {
    /// Sends the form at `action` as it stands on the page now.
    pub(super) async fn fill(&self, page: &str, action: &str, cookie: &str, form: &str) -> Answer {
        let page = self.get(page, cookie).await.body;
        let form = format!("{form}{}", shown(&page, action));
        self.post(action, cookie, &form).await
    }

    /// How a patient's programme stands, as their page would send it.
    pub(super) fn stood(&self, patient: DocumentId) -> String {
        let seen = self.stage.clinic.standing_seen(patient);
        // Where there is none, no page has a form that would say how it stands.
        let seen = seen.unwrap_or_else(|_| Seen::of("no programme"));
        format!("&seen={seen}")
    }

    /// The form that sets a phase, as the page of a patient in the assessment would send it.
    pub(super) fn to_phase(&self, patient: DocumentId, phase: &str) -> String {
        format!("phase={phase}&was_phase=assessment{}", self.stood(patient))
    }

    /// Presses the button of the form at `action`, as the page shows it now.
    pub(super) async fn press(&self, page: &str, action: &str, cookie: &str) -> Answer {
        self.fill(page, action, cookie, "").await
    }

    async fn changed_apart(&self, page: &str, action: &str, first: &str, second: &str) -> Answer {
        let cookie = self.signed_in().await;
        let open = self.get(page, &cookie).await.body;
        let as_shown = shown(&open, action);
        let of_first = self
            .post(action, &cookie, &format!("{first}{as_shown}"))
            .await;
        assert!(of_first.status.is_redirection(), "{}", of_first.body);
        self.post(action, &cookie, &format!("{second}{as_shown}"))
            .await
    }
}

#[tokio::test]
async fn the_number_that_one_clinician_corrects_survives_the_lines_of_another() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let (page, action) = ("/safety", "/safety/card");
    let before = "region=US&clinic_number=%2B1+307+555+0100&lines=";
    console.fill(page, action, &cookie, before).await;
    let first = "region=US&clinic_number=%2B1+307+555+0199&lines=";
    let second = "region=US&clinic_number=%2B1+307+555+0100&lines=County+line+%7C+call+%7C+911";
    let answer = console.changed_apart(page, action, first, second).await;
    assert!(answer.status.is_redirection(), "{}", answer.body);
    let card = console.stage.clinic.safety().unwrap().card.unwrap();
    assert_eq!(
        (&*card.clinic_number, card.lines.len()),
        ("+1 307 555 0199", 1)
    );

    let first = "region=US&clinic_number=%2B1+307+555+0111&lines=County+line+%7C+call+%7C+911";
    let second = "region=US&clinic_number=%2B1+307+555+0222&lines=";
    let asked = console.changed_apart(page, action, first, second).await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        asked.body.contains("meanwhile to “+1 307 555 0111”"),
        "{}",
        asked.body
    );
    assert!(
        asked
            .body
            .contains("name=\"clinic_number\" value=\"+1 307 555 0222\"")
    );
    let card = console.stage.clinic.safety().unwrap().card.unwrap();
    assert_eq!(
        (&*card.clinic_number, card.lines.len()),
        ("+1 307 555 0111", 1)
    );
    let again = format!("{second}{}", shown(&asked.body, action));
    let again = console.post(action, &cookie, &again).await;
    assert!(again.status.is_redirection(), "{}", again.body);
    let card = console.stage.clinic.safety().unwrap().card.unwrap();
    assert_eq!(
        (&*card.clinic_number, card.lines.len()),
        ("+1 307 555 0222", 0)
    );
}

#[tokio::test]
async fn hours_and_the_person_responsible_are_changed_apart() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let (page, action) = ("/safety", "/safety/monitoring");
    let before = "hours_mon=09%3A00-17%3A00&zone=America%2FDenver&responsible=Maya";
    console.fill(page, action, &cookie, before).await;
    let first = "hours_mon=09%3A00-17%3A00&zone=America%2FDenver&responsible=Sam";
    let second = "hours_mon=10%3A00-12%3A00&zone=America%2FDenver&responsible=Maya";
    let answer = console.changed_apart(page, action, first, second).await;
    assert!(answer.status.is_redirection(), "{}", answer.body);
    let set = console.stage.clinic.safety().unwrap().monitoring.unwrap();
    assert_eq!(
        (&*set.responsible, &*set.hours["mon"]),
        ("Sam", "10:00-12:00")
    );
    let third = "hours_mon=&zone=America%2FDenver&responsible=Sam";
    let fourth = "hours_mon=08%3A00-09%3A00&zone=America%2FDenver&responsible=Sam";
    let asked = console.changed_apart(page, action, third, fourth).await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        asked.body.contains("emptied this meanwhile"),
        "{}",
        asked.body
    );
    let set = console.stage.clinic.safety().unwrap().monitoring.unwrap();
    assert!(set.hours.is_empty());
    let again = format!("{third}{}", shown(&asked.body, action));
    let again = console.post(action, &cookie, &again).await;
    assert!(again.status.is_redirection(), "{}", again.body);
    // Hours mean something with their zone only.
    let moved = "hours_mon=&zone=America%2FLos_Angeles&responsible=Sam";
    let later = "hours_mon=12%3A00-20%3A00&zone=America%2FDenver&responsible=Sam";
    let asked = console.changed_apart(page, action, moved, later).await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(asked.body.contains("look at all of it"), "{}", asked.body);
    let set = console.stage.clinic.safety().unwrap().monitoring.unwrap();
    assert!(set.hours.is_empty() && set.zone == "America/Los_Angeles");
}

#[tokio::test]
async fn limits_of_reminders_and_one_reminder_are_changed_apart() {
    let console = Console::new(Channel::Tls);
    let (page, action) = ("/reminders", "/reminders/limits");
    let (first, second) = ("per_day=3", "thin_after=5");
    let answer = console.changed_apart(page, action, first, second).await;
    assert!(answer.status.is_redirection(), "{}", answer.body);
    let set = console
        .stage
        .clinic
        .held_for_all::<ReminderRules>()
        .unwrap()
        .unwrap();
    assert_eq!((set.per_day, set.thin_after), (Some(3), Some(5)));
    let (first, second) = ("per_day=4&thin_after=5", "per_day=2&thin_after=5");
    let asked = console.changed_apart(page, action, first, second).await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(asked.body.contains("meanwhile to “4”"), "{}", asked.body);
    let of_ada = format!("{}/reminders", console.patient());
    let action = format!("{of_ada}/limits");
    let asked = console
        .changed_apart(
            &of_ada,
            &action,
            "per_day=1&thin_after=5",
            "per_day=6&thin_after=5",
        )
        .await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);

    let one = "/reminders/rules/day_before";
    let cookie = console.signed_in().await;
    let before = "number=-1&at=18%3A00&times=1&words=Tomorrow.";
    console.fill(one, one, &cookie, before).await;
    let first = "number=-2&at=18%3A00&times=1&words=Tomorrow.";
    let second = "number=-1&at=17%3A30&times=1&words=Tomorrow.";
    let answer = console.changed_apart(one, one, first, second).await;
    assert!(answer.status.is_redirection(), "{}", answer.body);
    let set = console
        .stage
        .clinic
        .held_for_all::<ReminderRules>()
        .unwrap()
        .unwrap();
    let changed = set.change_of("day_before").unwrap();
    assert_eq!((changed.number, &*changed.at), (Some(-2), "17:30"));
    let (first, second) = (
        second.replace("Tomorrow", "Soon"),
        second.replace("Tomorrow", "Later"),
    );
    let (first, second) = (first.replace("-1", "-2"), second.replace("-1", "-2"));
    let asked = console.changed_apart(one, one, &first, &second).await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        asked.body.contains("meanwhile to “Soon.”") && asked.body.contains("value=\"Later.\""),
        "{}",
        asked.body
    );
}

#[tokio::test]
async fn an_end_that_comes_second_leaves_the_summary_of_the_first_and_says_who_ended_it() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let patient = console.patient();
    let first = "end_reason=As+agreed.&closing_summary=The+lake.";
    let before = console.get(&patient, &cookie).await.body;
    let stale = shown(&before, &format!("{patient}/pause"));
    let ended = console
        .fill(&patient, &format!("{patient}/end"), &cookie, first)
        .await;
    assert!(ended.status.is_redirection(), "{}", ended.body);
    let programme = || {
        let present = console.stage.clinic.programme(console.stage.patient);
        present.unwrap().unwrap().content
    };
    for (part, form, typed) in [
        ("end", "end_reason=He+moved.&closing_summary=", "He moved."),
        (
            "end",
            "end_reason=As+agreed.&closing_summary=The+boat.",
            "The boat.",
        ),
        ("pause", "pause_reason=Away+in+May.", "Away in May."),
        (
            "go-on",
            "go_on_reason=Well+again.&from=paused",
            "value=\"Well again.\"",
        ),
    ] {
        let late = format!("{form}{stale}");
        let refused = console
            .post(&format!("{patient}/{part}"), &cookie, &late)
            .await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
        for page in [refused.body, console.get(&patient, &cookie).await.body] {
            assert!(page.contains(typed), "{typed}: {page}");
        }
        assert_eq!(programme().closing_summary, "The lake.");
        assert_eq!(programme().standings.len(), 1, "{form}");
    }
    let late = format!("end_reason=No.{stale}");
    let refused = console
        .post(&format!("{patient}/end"), &cookie, &late)
        .await;
    assert!(
        refused
            .body
            .contains("This programme has ended: Mira ended it, and wrote “As agreed.”"),
        "{}",
        refused.body
    );
    let (first, second) = ("closing_summary=The+sea.", "closing_summary=The+hill.");
    let place = format!("{patient}/summary");
    let asked = console.changed_apart(&patient, &place, first, second).await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        asked.body.contains("meanwhile to “The sea.”") && asked.body.contains("The hill."),
        "{}",
        asked.body
    );
    assert_eq!(programme().closing_summary, "The sea.");
}

#[tokio::test]
async fn a_phase_from_a_page_of_before_the_end_takes_nothing_up_again() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let patient = console.patient();
    console.be_ready();
    let set = async |form: &str| {
        let place = format!("{patient}/phase");
        console.post(&place, &cookie, form).await
    };
    let phase = || {
        let patient = console.stage.clinic.patient(console.stage.patient);
        patient.unwrap().phase.as_str()
    };
    let stale = console.get(&patient, &cookie).await.body;
    let stale = shown(&stale, &format!("{patient}/phase"));
    let stood = console.stood(console.stage.patient);
    assert_eq!(stale, format!("{stood}&was_phase=assessment"));
    let moved = set(&format!("phase=integration{stale}")).await;
    assert!(moved.status.is_redirection(), "{}", moved.body);
    for (typed, kept) in [("assessment", true), ("integration", false)] {
        let answer = set(&format!("phase={typed}{stale}")).await;
        assert_eq!(answer.status == StatusCode::CONFLICT, kept, "{typed}");
        assert_eq!(phase(), "integration");
    }
    let end = format!("{patient}/end");
    console
        .fill(&patient, &end, &cookie, "end_reason=As+agreed.")
        .await;
    let refused = set(&format!("phase=integration&was_phase=integration{stood}")).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(
        refused.body.contains("Mira ended it") && refused.body.contains(&patient),
        "{}",
        refused.body
    );
    assert_eq!(phase(), "closed");
    let page = console.get(&patient, &cookie).await.body;
    assert!(!page.contains("Set phase") && page.contains("Take this programme up again"));
    let again = console
        .fill(
            &patient,
            &format!("{patient}/go-on"),
            &cookie,
            "go_on_reason=Well.",
        )
        .await;
    assert!(again.status.is_redirection(), "{}", again.body);
    assert_eq!(phase(), "integration");
}

#[tokio::test]
async fn a_line_of_the_costs_that_two_change_is_never_mixed_or_lost_unseen() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let lines = format!("{}/costs/lines", console.patient());
    let line = |label: &str, amount: &str| {
        format!("label={label}&provider=&payer=cash&amount={amount}&currency=USD")
    };
    console.post(&lines, &cookie, &line("Session", "450")).await;
    let stands = || {
        let costs = console.stage.clinic.costs(console.stage.patient).unwrap();
        let (item, line) = costs
            .as_ref()
            .unwrap()
            .sheet
            .content
            .lines
            .iter()
            .next()
            .unwrap();
        (item, line.label.clone(), line.amount.unwrap().number())
    };
    let place = format!("{lines}/{}", stands().0);
    // The same field twice, and two fields apart: the sum for one session is none for two.
    for (first, second, kept, said) in [
        (
            line("Session", "720"),
            line("Session", "555"),
            ("Session", "720.00"),
            "meanwhile to “720.00”",
        ),
        (
            line("Session", "800"),
            line("Two+sessions", "555.00"),
            ("Session", "800.00"),
            "Somebody changed this line meanwhile.",
        ),
    ] {
        let asked = console.changed_apart(&place, &place, &first, &second).await;
        assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(asked.body.contains(said), "{}", asked.body);
        let (_, label, amount) = stands();
        assert_eq!((&*label, &*amount), kept);
        // Looked at and sent again, it is saved.
        let again = format!("{second}{}", shown(&asked.body, &place));
        let saved = console.post(&place, &cookie, &again).await;
        assert!(saved.status.is_redirection(), "{}", saved.body);
    }
    assert_eq!(stands().1, "Two sessions");
}

#[tokio::test]
async fn who_is_there_and_where_a_session_is_are_changed_apart() {
    let console = Console::new(Channel::Tls);
    console.be_ready();
    let (session, page) = console.booked(48);
    let typed = |therapist: &str, place: &str, medicine: u16| {
        format!(
            "session_therapist={therapist}&session_provider=&session_place={place}&session_address=\
             &session_contact=&arrival_minutes=30&medicine_minutes={medicine}&coming_back_minutes=60\
             &grounding_minutes=30&note="
        )
    };
    let (first, second) = (
        typed("Jo+Park", "Harbor%2C+room+4", 120),
        typed("Maya", "Lake+house", 60),
    );
    // What the fields show is not asked of the test: both leave alone what they do not touch.
    let details = console.session(session.id);
    let minutes = |form: &str| {
        form.replace(
            "arrival_minutes=30",
            &format!("arrival_minutes={}", details.arrival_minutes.0),
        )
        .replace(
            "medicine_minutes=60",
            &format!("medicine_minutes={}", details.medicine_minutes.0),
        )
        .replace(
            "coming_back_minutes=60",
            &format!("coming_back_minutes={}", details.coming_back_minutes.0),
        )
        .replace(
            "grounding_minutes=30",
            &format!("grounding_minutes={}", details.grounding_minutes.0),
        )
    };
    let answer = console
        .changed_apart(&page, &page, &minutes(&first), &minutes(&second))
        .await;
    assert!(answer.status.is_redirection(), "{}", answer.body);
    let stands = || {
        let now = console.session(session.id);
        (now.therapist, now.place, now.medicine_minutes.0)
    };
    assert_eq!(stands(), ("Jo Park".into(), "Lake house".into(), 120));
    let (first, second) = (
        minutes(&typed("Ann", "Lake+house", 120)),
        minutes(&typed("Ben", "Lake+house", 120)),
    );
    let asked = console.changed_apart(&page, &page, &first, &second).await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        asked.body.contains("meanwhile to “Ann”") && asked.body.contains("value=\"Ben\""),
        "{}",
        asked.body
    );
    assert_eq!(stands().0, "Ann");
}

#[tokio::test]
async fn of_two_numbers_of_sessions_that_were_planned_apart_the_second_is_asked_about() {
    let console = Console::new(Channel::Tls);
    let patient = console.patient();
    let place = format!("{patient}/plan");
    let planned = || {
        let count = console.stage.clinic.session_count(console.stage.patient);
        count.unwrap().planned
    };
    let (six, eight) = ("planned=6", "planned=8&plan_reason=To+close+well.");
    let asked = console.changed_apart(&patient, &place, six, eight).await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(asked.body.contains("meanwhile to “6”"), "{}", asked.body);
    assert!(asked.body.contains("To close well."), "{}", asked.body);
    assert_eq!(planned(), Some(6));
    let cookie = console.signed_in().await;
    let again = format!("{eight}{}", shown(&asked.body, &place));
    let again = console.post(&place, &cookie, &again).await;
    assert!(again.status.is_redirection(), "{}", again.body);
    assert_eq!(planned(), Some(8));
    // The same number from a page of before says nothing else, and is no second change.
    let page = console.get(&patient, &cookie).await.body;
    let stale = shown(&page, &place);
    for _ in 0..2 {
        let nine = format!("planned=9&plan_reason=One+more.{stale}");
        let same = console.post(&place, &cookie, &nine).await;
        assert!(same.status.is_redirection(), "{}", same.body);
    }
    assert_eq!(planned(), Some(9));

    // Nor does a page of before set the number of a programme that began since.
    let page = console.get(&patient, &cookie).await.body;
    let stale = shown(&page, &place);
    let end = format!("{patient}/end");
    console
        .fill(&patient, &end, &cookie, "end_reason=As+agreed.")
        .await;
    let clinic = &console.stage.clinic;
    clinic
        .begin_programme(console.stage.patient, "Mira")
        .unwrap();
    let five = format!("planned=5&plan_reason=Fewer.{stale}");
    let late = console.post(&place, &cookie, &five).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        late.body.contains("how the programme stands meanwhile"),
        "{}",
        late.body
    );
    assert_eq!(planned(), None);
    let again = format!("{five}{}", shown(&late.body, &place));
    let again = again.replace(&stale, "");
    let again = console.post(&place, &cookie, &again).await;
    assert!(again.status.is_redirection(), "{}", again.body);
    assert_eq!(planned(), Some(5));
}

#[tokio::test]
async fn what_is_refused_for_something_else_stands_above_the_form_with_what_was_typed() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let patient = console.patient();
    console.be_ready();
    let clinic = &console.stage.clinic;
    let ada = console.stage.patient;
    let step = PhaseChange {
        seen: Phase::Assessment,
        stood: clinic.standing_seen(ada).unwrap(),
        to: Phase::Preparation,
    };
    clinic.set_phase(ada, step, "Mira").unwrap();
    console.stage.clock.advance_ms(60_000);
    let mut no_fit = Readiness::ready("Mira", clinic.now());
    no_fit.appropriate = Appropriate::No;
    no_fit.explanation = "Not now.".to_owned();
    clinic.create(ada, no_fit).unwrap();
    let end = format!("{patient}/end");
    console
        .fill(&patient, &end, &cookie, "end_reason=As+agreed.")
        .await;

    let typed = "go_on_reason=She+asked+for+more+time.";
    let refused = console
        .fill(&patient, &format!("{patient}/go-on"), &cookie, typed)
        .await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.body);
    let page = &refused.body;
    let (above, form) = page.split_once("<main").unwrap();
    assert!(above.contains("role=\"alert\""), "{page}");
    assert!(
        above.contains("the outcome &quot;ready&quot; is missing"),
        "what is missing: {page}"
    );
    assert!(
        above.contains("begin another one") && above.contains(&format!("href=\"{patient}\"")),
        "{page}"
    );
    assert!(
        form.contains("value=\"She asked for more time.\""),
        "{page}"
    );
    // And on the next page as well.
    let page = console.get(&patient, &cookie).await.body;
    assert!(
        page.contains("value=\"She asked for more time.\"") && !page.contains("notice refused")
    );
}
