//! What somebody else changed while a form of settings stood open: fields changed apart both stand, and a field
//! that both changed is asked about again.

use crate::view::form::{Form, SEEN, was};

/// Lays what was typed over what stands now, given as the form of it. A field that was left as it was shown
/// takes what stands now. A field that was changed here and there is wrong until it is sent again. From then on
/// what stands now counts as shown.
pub(super) fn settle(form: &mut Form, now: &Form, fields: &[&'static str]) {
    for field in fields {
        let (shown, stands) = (plain(form.value(&was(field))), plain(now.value(field)));
        let typed = plain(form.value(field));
        if typed == shown {
            form.set(field, now.value(field));
        } else if stands != shown && stands != typed {
            let to = match &*stands {
                "" => "emptied this meanwhile".to_owned(),
                stands => format!("changed this meanwhile to “{stands}”"),
            };
            form.wrong(
                field,
                format!("Somebody {to}. What you typed is not saved yet: save again to put it there instead."),
            );
        }
        form.set(&was(field), now.value(field));
    }
    form.set(SEEN, now.value(SEEN));
}

/// The same of fields that mean something together only, as hours do with their zone: what somebody else changed
/// meanwhile is never mixed unseen with what was typed. Then `what` is to be looked at, and why stands beside a field.
pub(super) fn settle_as_one(
    form: &mut Form,
    now: &Form,
    fields: &[&'static str],
    (beside, what): (&'static str, &str),
) {
    let shown = |form: &Form, name: &str| plain(form.value(&was(name)));
    let is_changed = |name: &&str| plain(now.value(name)) != shown(form, name);
    let is_typed = |name: &&str| {
        let typed = plain(form.value(name));
        typed != shown(form, name) && typed != plain(now.value(name))
    };
    let both = fields.iter().any(is_changed) && fields.iter().any(is_typed);
    settle(form, now, fields);
    if both && !form.is_wrong() {
        form.wrong(
            beside,
            format!(
                "Somebody changed {what} meanwhile. What you left alone now shows what they wrote, and nothing of \
                 yours is saved yet: look at all of it, and save again."
            ),
        );
    }
}

/// A browser sends line breaks of its own.
fn plain(text: &str) -> String {
    text.trim().replace("\r\n", "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_both_changed_differently_is_asked_about() {
        let shown = |value: &str| Form::default().with("a", value).as_shown();
        for (was, typed, now, kept, asks) in [
            ("1", "1", "2", "2", false),
            ("1", "3", "1", "3", false),
            ("1", "3", "3", "3", false),
            ("1", "3", "2", "3", true),
            ("1", "", "2", "", true),
            ("1", "3", "", "3", true),
            ("x\ny", "x\r\ny ", "z", "z", false),
        ] {
            let mut form = shown(was).with("a", typed);
            settle(&mut form, &shown(now), &["a"]);
            assert_eq!(
                (form.value("a"), form.is_wrong()),
                (kept, asks),
                "{was} {typed} {now}"
            );
            let mut again = Form::of(form.values().clone());
            settle(&mut again, &shown(now), &["a"]);
            assert!(!again.is_wrong(), "asked twice: {was} {typed} {now}");
        }
    }
}
