//! The guides as patients read them, and what the clinic writes in them for all patients.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use companion_core::clinic::{GuideWords, Saved, TypedGuide};
use companion_core::domain::guide::overtaken::InALanguage;
use companion_core::domain::guide::{
    self, Clinic, GuideId, Language, Pack, Slot, Written, overtaken, parse, shown, slot_words,
};
use companion_core::records::Seen;

use super::answer::drawn;
use super::app::App;
use super::drafts;
use super::meanwhile::settle;
use super::notice::notice;
use super::problem::Problem;
use super::sent::{Done, EachField, Sent, else_look, fill_in, press};
use super::signed_in::SignedIn;
use crate::accounts::audit::Action;
use crate::view::form::{CHECKED, Form};
use crate::view::guides::{self, Guide, LANGUAGES, LEAVE_OUT, RULE, Rule, WORDS};

/// What the path names: the language, and the guide or the rule.
type Names = Path<BTreeMap<String, String>>;

/// What the pages are made of.
struct Desk {
    pack: Pack,
    said: GuideWords,
    language: Language,
}

impl Desk {
    fn of(app: &App, names: &BTreeMap<String, String>) -> Result<Self, Problem> {
        let tag = names.get("language").map_or("en", String::as_str);
        let known = LANGUAGES.iter().any(|(known, _)| *known == tag);
        let language = tag.parse().ok().filter(|_| known);
        Ok(Self {
            pack: Pack::ketamine().map_err(|_| Problem::Fault)?,
            said: app.clinic.guide_words()?,
            language: language.ok_or(Problem::NoPage)?,
        })
    }

    fn clinic(&self) -> Clinic<'_> {
        Clinic {
            texts: &self.said.texts,
            slots: &self.said.rules,
        }
    }

    /// The bundled guide that a path names.
    fn bundled(&self, names: &BTreeMap<String, String>) -> Result<&guide::Guide, Problem> {
        let id = names.get("guide").and_then(|id| id.parse::<GuideId>().ok());
        let id = id.ok_or(Problem::NoPage)?;
        let chain = self.language.chain();
        self.pack.guide(&id, &chain).ok_or(Problem::NoPage)
    }

    fn guide(&self, id: &GuideId) -> Option<Guide> {
        let of_it = |text: &&companion_core::domain::GuideText| {
            text.guide == *id && text.language == self.language && text.stands()
        };
        let own = self.said.texts.iter().find(of_it).cloned();
        Some(Guide {
            shown: shown(&self.pack, self.clinic(), id, &self.language)?,
            overtaken: own
                .as_ref()
                .and_then(|own| overtaken(own, &self.said.texts)),
            keeps_ours: self.keeps_ours(id),
            own,
        })
    }

    /// The other languages in which patients read our guide, since the clinic wrote nothing in them.
    fn keeps_ours(&self, id: &GuideId) -> Vec<Language> {
        let others = LANGUAGES.iter().filter_map(|(tag, _)| tag.parse().ok());
        let others = others.filter(|other: &Language| *other != self.language);
        let is_ours = |other: &Language| {
            let own = self.said.texts.iter().filter(|text| text.guide == *id);
            let mut own = own.filter(|text| text.stands() && other.reads(&text.language));
            let ours = self.pack.guide(id, std::slice::from_ref(other));
            ours.is_some() && own.next().is_none()
        };
        others.filter(is_ours).collect()
    }

    fn rule(&self, slot: Slot) -> Rule {
        let rules = &self.said.rules;
        let of_it = |rule: &&companion_core::domain::GuideSlot| {
            rule.known() == Some(slot) && rule.language == self.language && rule.stands()
        };
        let own = rules.iter().find(of_it).cloned();
        Rule {
            slot,
            words: slot_words(rules, slot, &self.language.chain()),
            overtaken: own.as_ref().and_then(|own| overtaken(own, rules)),
            own,
        }
    }
}

fn slot_in(names: &BTreeMap<String, String>) -> Result<Slot, Problem> {
    let slot = names.get("slot").and_then(|slot| slot.parse().ok());
    slot.ok_or(Problem::NoPage)
}

/// Where a form of words leads, and what is said there.
fn saved(to: &str, saved: Saved) -> Done {
    let (action, word) = match saved {
        Saved::Written => (Some(Action::ChangedGuides), "guides"),
        Saved::TakenBack => (Some(Action::ChangedGuides), "guides-ours"),
        Saved::Nothing => (None, "guides-unchanged"),
    };
    Done {
        action,
        patient: None,
        to: format!("{to}?done={word}"),
    }
}

fn done(to: &str) -> Done {
    Done {
        action: Some(Action::ChangedGuides),
        patient: None,
        to: format!("{to}?done=guides"),
    }
}

pub(super) async fn show(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(names): Names,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    app.run(who, move |app, who| {
        let desk = Desk::of(app, &names)?;
        let all = desk.pack.ids().iter();
        let all: Vec<Guide> = all.filter_map(|id| desk.guide(id)).collect();
        let rules = Slot::ALL.map(|slot| desk.rule(slot));
        let frame = app.frame(Some(who), notice(query.get("done").map(String::as_str)));
        Ok(drawn(&guides::page(&frame, &desk.language, &all, &rules)))
    })
    .await
}

pub(super) async fn show_one(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(names): Names,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    app.run(who, move |app, who| {
        let desk = Desk::of(app, &names)?;
        let guide = desk
            .guide(&desk.bundled(&names)?.id)
            .ok_or(Problem::NoPage)?;
        let frame = app.frame(Some(who), notice(query.get("done").map(String::as_str)));
        Ok(drawn(&guides::one_page(&frame, &desk.language, &guide)))
    })
    .await
}

pub(super) async fn words_form(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(names): Names,
) -> Response {
    app.run(who, move |app, who| {
        let desk = Desk::of(app, &names)?;
        let bundled = desk.bundled(&names)?;
        let guide = desk.guide(&bundled.id).ok_or(Problem::NoPage)?;
        let place = guides::words_address(&desk.language, &guide.shown);
        let typed = drafts::typed(app, who, &place)?;
        let form = typed.unwrap_or_else(|| guides::words_form(guide.own.as_ref(), bundled));
        let frame = app.frame(Some(who), None);
        Ok(drawn(&guides::words_page(
            &frame,
            &desk.language,
            &guide,
            &form,
        )))
    })
    .await
}

pub(super) async fn write(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(names): Names,
    sent: Sent,
) -> Response {
    let named = names.clone();
    let work = move |app: &App, who: &SignedIn, form: &mut Form, _: EachField| {
        let desk = Desk::of(app, &names)?;
        let bundled = desk.bundled(&names)?;
        let saved_as = app.clinic.write_guide(bundled, &who.name, |present| {
            settle(form, &guides::words_form(present, bundled), &WORDS);
            must_say_what_it_leaves_out(form, bundled);
            (!form.is_wrong()).then(|| TypedGuide {
                title: form.value("title").to_owned(),
                text: form.value("text").to_owned(),
            })
        })?;
        if form.is_wrong() {
            return Err(Problem::Fields);
        }
        let to = format!("{}/{}", guides::address(&desk.language), bundled.id);
        Ok(saved(&to, saved_as))
    };
    let again = move |app: &App, who: &SignedIn, form: &Form| {
        let desk = Desk::of(app, &named)?;
        let guide = desk
            .guide(&desk.bundled(&named)?.id)
            .ok_or(Problem::NoPage)?;
        let frame = app.frame(Some(who), None);
        Ok(guides::words_page(&frame, &desk.language, &guide, form))
    };
    fill_in(app, who, sent, work, again).await
}

/// A text without a rule's place, or without the lines to call, is saved only by somebody who knows that.
fn must_say_what_it_leaves_out(form: &mut Form, bundled: &guide::Guide) {
    let Ok(blocks) = parse(form.value("text"), Written::ByClinic) else {
        // The core says which line can't be shown.
        return;
    };
    let left_out = guides::left_out(&blocks, &bundled.blocks);
    if let Some(left_out) = left_out.filter(|_| form.value(LEAVE_OUT) != CHECKED) {
        form.wrong(
            "text",
            format!(
                "This leaves out {left_out}. Put it back, or tick the box below to save it so."
            ),
        );
    }
}

pub(super) async fn take_back(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(names): Names,
    sent: Sent,
) -> Response {
    press(app, who, sent, move |app, _, _, seen: Seen| {
        let desk = Desk::of(app, &names)?;
        let bundled = desk.bundled(&names)?;
        let page = format!("{}/{}", guides::address(&desk.language), bundled.id);
        let back = app.clinic.take_guide_back(bundled, seen);
        back.map_err(else_look(&*page))?;
        Ok(done(&page))
    })
    .await
}

pub(super) async fn rule_form(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(names): Names,
) -> Response {
    app.run(who, move |app, who| {
        let desk = Desk::of(app, &names)?;
        let rule = desk.rule(slot_in(&names)?);
        let place = guides::rule_address(&desk.language, rule.slot);
        let typed = drafts::typed(app, who, &place)?;
        let form = typed.unwrap_or_else(|| guides::rule_form(rule.own.as_ref()));
        let frame = app.frame(Some(who), None);
        Ok(drawn(&guides::rule_page(
            &frame,
            &desk.language,
            &rule,
            &form,
        )))
    })
    .await
}

pub(super) async fn write_rule(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(names): Names,
    sent: Sent,
) -> Response {
    let named = names.clone();
    let work = move |app: &App, who: &SignedIn, form: &mut Form, _: EachField| {
        let (desk, slot) = (Desk::of(app, &names)?, slot_in(&names)?);
        let saved_as = app
            .clinic
            .write_rule(slot, &desk.language, &who.name, |present| {
                settle(form, &guides::rule_form(present), &RULE);
                (!form.is_wrong()).then(|| form.value("text").to_owned())
            })?;
        if form.is_wrong() {
            return Err(Problem::Fields);
        }
        Ok(saved(&guides::address(&desk.language), saved_as))
    };
    let again = move |app: &App, who: &SignedIn, form: &Form| {
        let desk = Desk::of(app, &named)?;
        let rule = desk.rule(slot_in(&named)?);
        let frame = app.frame(Some(who), None);
        Ok(guides::rule_page(&frame, &desk.language, &rule, form))
    };
    fill_in(app, who, sent, work, again).await
}

pub(super) async fn take_rule_back(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(names): Names,
    sent: Sent,
) -> Response {
    press(app, who, sent, move |app, _, _, seen: Seen| {
        let (desk, slot) = (Desk::of(app, &names)?, slot_in(&names)?);
        let back = app.clinic.take_rule_back(slot, &desk.language, seen);
        back.map_err(else_look(guides::rule_address(&desk.language, slot)))?;
        Ok(done(&guides::address(&desk.language)))
    })
    .await
}
