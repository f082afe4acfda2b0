//! What devices give an attachment: what opens it, what its sealed bytes are called, and whether those are lost. It is
//! nobody's word, so nobody is asked to choose, and of versions that were made apart one stands whole: the key of one opens
//! nothing under the name of another.

use automerge::ObjId;
use serde_json::{Map, Value};

use super::{Holding, Reading, automerge_heads};
use crate::document::Refusal;
use crate::domain::attachment::NOT_SAID;

/// What one version says of an attachment, in the order of [`NOT_SAID`].
type Given = [Option<Value>; NOT_SAID.len()];

impl Reading<'_> {
    /// Lets an attachment say what one of the newest changes says of it: one that names bytes before one that has none
    /// to open, and else the one that the document shows.
    pub(super) fn given_by_devices(
        &mut self,
        object: &ObjId,
        path: &str,
        shown: &mut Map<String, Value>,
    ) -> Result<(), Refusal> {
        let all = self.heads.iter().map(|at| self.given_at(object, at));
        let all: Vec<Given> = all.collect::<Result<_, _>>()?;
        let counting = self.that_count(path, |this, head, origin, _| {
            let before = this.given_at(object, &automerge_heads(origin.heads()))?;
            Ok(all.get(head).map(|now| *now == before))
        })?;
        let held = NOT_SAID.map(|name| shown.get(name).cloned());
        let counting = counting.into_iter().filter_map(|head| all.get(head));
        let with_key = counting.filter(|[key, ..]| key.is_some());
        let Some(stands) = with_key.max_by_key(|given| rank(given, &held)) else {
            return Ok(());
        };
        for (name, value) in NOT_SAID.iter().zip(stands) {
            match value {
                Some(value) => drop(shown.insert((*name).to_owned(), value.clone())),
                None => drop(shown.remove(*name)),
            }
        }
        Ok(())
    }

    fn given_at(&self, object: &ObjId, at: &[automerge::ChangeHash]) -> Result<Given, Refusal> {
        let mut given = Given::default();
        if at.is_empty() {
            return Ok(given);
        }
        for (name, value) in NOT_SAID.iter().zip(&mut given) {
            if let Holding::Scalar(scalar) = self.holding(object, name, at)? {
                *value = Some(scalar);
            }
        }
        Ok(given)
    }
}

/// The same for every order in which versions come.
fn rank<'a>(
    [key, blob, lost]: &'a Given,
    [shown_key, shown_blob, _]: &Given,
) -> impl Ord + use<'a> {
    let is_lost = *lost == Some(Value::Bool(true));
    let text = |value: &'a Option<Value>| value.as_ref().and_then(Value::as_str);
    (
        blob.is_some() && !is_lost,
        blob.is_some(),
        key == shown_key,
        blob == shown_blob,
        (text(key), text(blob), !is_lost),
    )
}
