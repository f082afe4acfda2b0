//! The guides as patients read them, written in the clinic's words and with the clinic's rules.

use companion_core::domain::guide::{Language, Notice, Pack, Shown};

use super::*;

/// A guide as Ada's phone shows it, in English.
fn on_the_phone(console: &Console, named: &str) -> String {
    format!("{:?}", read_in(console, named, &Language::english()))
}

/// A guide as Ada's phone shows it to somebody who reads that language.
fn read_in(console: &Console, named: &str, language: &Language) -> Shown {
    console.stage.sync();
    let pack = Pack::ketamine().unwrap();
    let desk = console.stage.phone.guides(&pack, language).unwrap();
    let all = desk.now.iter().chain(&desk.next).chain(&desk.shelf);
    let mut all = all.filter(|guide| guide.shown.guide.id.as_str() == named);
    all.next().unwrap().shown.clone()
}

/// What stands in the field of that name on a page, as a browser sends it.
fn field(page: &str, name: &str) -> String {
    let was = format!("name=\"was_{name}\" value=\"");
    let value = page.split_once(&was).unwrap().1.split('"').next().unwrap();
    let value = value.replace("&lt;", "<").replace("&gt;", ">");
    address::encode(&value.replace("&quot;", "\"").replace("&amp;", "&"))
}

#[tokio::test]
async fn the_guides_stand_by_stage_with_their_sources_and_in_both_languages() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let page = console.get("/guides", &cookie).await.body;
    for part in [
        "Preparation",
        "The day of your session",
        "Your clinic’s rule on getting home",
    ] {
        let part = part.replace('’', "'");
        assert!(
            page.replace("&#39;", "'").replace('’', "'").contains(&part),
            "{part}: {page}"
        );
    }
    assert!(page.contains("Your clinic has not written this down here yet."));
    let one = console.get("/guides/en/session-day", &cookie).await.body;
    for part in [
        "Check who takes you home",
        "Where this comes from",
        "988",
        " [1]",
    ] {
        assert!(one.contains(part), "{part}: {one}");
    }
    let spanish = console.get("/guides/es/session-day", &cookie).await.body;
    assert!(spanish.contains("De dónde viene esto"), "{spanish}");
    for nothing in [
        "/guides/fr",
        "/guides/en/nothing",
        "/guides/en/rules/nothing",
    ] {
        let answer = console.get(nothing, &cookie).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{nothing}");
    }
}

#[tokio::test]
async fn a_rule_is_written_for_all_and_the_clinic_hears_when_another_language_is_newer() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let (english, spanish) = (
        "/guides/en/rules/getting-home",
        "/guides/es/rules/getting-home",
    );
    let answer = console
        .fill(english, english, &cookie, "text=Come+with+%3Csomebody%3E.")
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        answer.body.contains("text-error") && answer.body.contains("HTML"),
        "{}",
        answer.body
    );
    let answer = console
        .fill(english, english, &cookie, "text=Come+with+somebody.")
        .await;
    assert!(answer.leads_to("/guides/en?done=guides"), "{}", answer.body);
    let rules = console.stage.clinic.guide_words().unwrap().rules;
    assert_eq!((rules.len(), rules[0].version.0), (1, 1));
    assert_eq!(rules[0].by.to_lowercase(), "mira");
    console.be_ready();
    assert!(on_the_phone(&console, "session-day").contains("Come with somebody."));

    console.stage.clock.advance_ms(60_000);
    let answer = console
        .fill(spanish, spanish, &cookie, "text=Ven+con+alguien.")
        .await;
    assert!(answer.leads_to("/guides/es?done=guides"), "{}", answer.body);
    let page = console.get("/guides", &cookie).await.body;
    assert!(
        page.contains("The words in Spanish are newer: version 1"),
        "{page}"
    );
    let page = console.get("/guides/es", &cookie).await.body;
    assert!(!page.contains("are newer"), "{page}");
    console
        .press(english, &format!("{english}/back"), &cookie)
        .await;
    assert!(on_the_phone(&console, "session-day").contains("Ven con alguien."));
    console
        .press(spanish, &format!("{spanish}/back"), &cookie)
        .await;
    assert!(on_the_phone(&console, "session-day").contains("AskYourClinic"));
    assert_eq!(console.audited("changed guides").len(), 4);
}

#[tokio::test]
async fn a_guide_in_the_clinics_words_stands_for_all_with_author_and_version_until_it_is_taken_back()
 {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let (one, words) = ("/guides/en/four-phases", "/guides/en/four-phases/words");
    let form = console.get(words, &cookie).await.body;
    assert!(form.contains("{no claim}"), "it begins with ours: {form}");
    let bad = "title=Our+way&text=Come+in.%0A%0A%3Cscript%3E";
    let answer = console.fill(words, words, &cookie, bad).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("line 3"), "{}", answer.body);
    let typed = "title=Our+way&text=Come+in+%26+sit+down.";
    for version in ["version 1", "version 1", "version 2"] {
        let typed = match version {
            "version 2" => "title=Our+way&text=Come+in.",
            _ => typed,
        };
        let answer = console.fill(words, words, &cookie, typed).await;
        assert!(
            answer
                .header("location")
                .starts_with(&format!("{one}?done=guides")),
            "{}",
            answer.body
        );
        let page = console.get(one, &cookie).await.body;
        assert!(
            page.contains("Written by ") && page.contains(version),
            "{page}"
        );
    }
    assert!(on_the_phone(&console, "four-phases").contains("Come in."));
    let back = console
        .press(words, &format!("{words}/back"), &cookie)
        .await;
    assert!(back.leads_to(&format!("{one}?done=guides")));
    assert!(!on_the_phone(&console, "four-phases").contains("Come in."));
    let page = console.get(one, &cookie).await.body;
    assert!(page.contains("Write it in the clinic’s words"), "{page}");
}

#[tokio::test]
async fn words_that_leave_out_a_rule_or_whom_to_call_are_saved_only_by_somebody_who_says_so() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let words = "/guides/en/session-day/words";
    let typed = "title=Your+day&text=Come+in.";
    let asked = console.fill(words, words, &cookie, typed).await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    let asked = asked.body;
    assert!(asked.contains("This leaves out “Your clinic"), "{asked}");
    assert!(asked.contains("the lines to call in a crisis"), "{asked}");
    assert!(console.stage.clinic.guide_words().unwrap().texts.is_empty());
    let typed = format!("{typed}&leave_out=yes");
    let saved = console.fill(words, words, &cookie, &typed).await;
    assert!(saved.status.is_redirection(), "{}", saved.body);
    assert_eq!(console.stage.clinic.guide_words().unwrap().texts.len(), 1);
}

#[tokio::test]
async fn words_that_nobody_changed_stay_whose_they_were() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let (one, words) = ("/guides/en/four-phases", "/guides/en/four-phases/words");
    let form = console.get(words, &cookie).await.body;
    let ours = format!(
        "title={}&text={}",
        field(&form, "title"),
        field(&form, "text")
    );
    let unchanged = format!("{one}?done=guides-unchanged");
    let saved = console.fill(words, words, &cookie, &ours).await;
    assert!(
        saved.leads_to(&unchanged),
        "{} {}",
        saved.header("location"),
        saved.body
    );
    assert!(console.stage.clinic.guide_words().unwrap().texts.is_empty());
    let page = console.get(&unchanged, &cookie).await.body;
    assert!(
        page.contains("Nothing was saved, since no word was changed."),
        "{page}"
    );
    assert!(console.audited("changed guides").is_empty());

    console.be_ready();
    let theirs = "title=Our+way&text=Come+in.";
    console.fill(words, words, &cookie, theirs).await;
    let saved = console.fill(words, words, &cookie, theirs).await;
    assert!(saved.leads_to(&unchanged), "{}", saved.header("location"));
    assert_eq!(console.audited("changed guides").len(), 1);
    // Ours again, word for word: nobody else answers for them.
    let saved = console.fill(words, words, &cookie, &ours).await;
    assert!(
        saved.leads_to(&format!("{one}?done=guides-ours")),
        "{}",
        saved.header("location")
    );
    let shown = read_in(&console, "four-phases", &Language::english());
    assert_eq!(shown.notices, []);
    let page = console.get(one, &cookie).await.body;
    assert!(page.contains("Write it in the clinic’s words"), "{page}");
}

#[tokio::test]
async fn the_clinics_english_words_leave_the_spanish_guide_to_whoever_reads_spanish_and_say_so() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    console.be_ready();
    let spanish = Language::spanish();
    let before = read_in(&console, "four-phases", &spanish);
    let words = "/guides/en/four-phases/words";
    let told = "Whoever reads Spanish keeps our guide in Spanish";
    let form = console.get(words, &cookie).await.body;
    assert!(form.contains(told), "before anybody saves: {form}");
    console
        .fill(words, words, &cookie, "title=Our+way&text=Come+in.")
        .await;
    let page = console.get("/guides/en/four-phases", &cookie).await.body;
    assert!(page.contains(told), "{page}");
    let shown = read_in(&console, "four-phases", &spanish);
    assert_eq!(shown.guide, before.guide);
    assert_eq!(shown.notices, [Notice::ByClinicIn(Language::english())]);
    let page = console.get("/guides/es/four-phases", &cookie).await.body;
    assert!(
        page.contains("Your clinic wrote its own text for this guide, in English."),
        "{page}"
    );

    let words = "/guides/es/four-phases/words";
    console
        .fill(words, words, &cookie, "title=Nuestro+camino&text=Entra.")
        .await;
    let page = console.get("/guides/en/four-phases", &cookie).await.body;
    assert!(!page.contains(told), "{page}");
    assert_eq!(
        read_in(&console, "four-phases", &spanish).guide.title,
        "Nuestro camino"
    );
}

#[tokio::test]
async fn the_titles_of_rules_are_in_the_language_of_the_guides() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let title = "La regla de tu clínica sobre la vuelta a casa";
    for place in ["/guides/es", "/guides/es/rules/getting-home"] {
        let page = console.get(place, &cookie).await.body;
        assert!(
            page.contains(&format!("lang=\"es\">{title}")),
            "{place}: {page}"
        );
    }
    assert!(
        !console
            .get("/guides/en", &cookie)
            .await
            .body
            .contains(title)
    );
}
