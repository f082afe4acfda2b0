//! That a member of the care space and one of the private space are one device, or one sheet of recovery
//! words: signed by whoever can know.

use companion_protocol::id::{MemberId, SpaceId};
use companion_protocol::suite::is_signed_by;
use ed25519_dalek::Signer;

use super::identity::Identity;
use crate::domain::{KeySignature, MemberKeys};

const SAME: &[u8] = b"kap/same-member/1";
const ADMITTED: &[u8] = b"kap/same-member-admitted/1";

/// Two members that are said to be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The care space, and who it is there.
    pub care: (SpaceId, MemberId),
    /// The private space, and who it is there.
    pub private: (SpaceId, MemberId),
}

impl Pair {
    fn message(&self, purpose: &[u8]) -> Vec<u8> {
        let ((care, in_care), (private, in_private)) = (self.care, self.private);
        [
            purpose,
            care.as_bytes(),
            in_care.as_bytes(),
            private.as_bytes(),
            in_private.as_bytes(),
        ]
        .concat()
    }

    /// What a member says of itself, by both of its keys.
    pub fn said_by_both(&self, care: &Identity, private: &Identity) -> MemberKeys {
        let message = self.message(SAME);
        MemberKeys {
            care_signature: Some(signature(care, &message)),
            private_signature: Some(signature(private, &message)),
            ..self.unsigned()
        }
    }

    /// What whoever let a device in says of it, as the member of the private space that it is.
    pub fn said_by_admitter(&self, admitter: &Identity) -> MemberKeys {
        MemberKeys {
            admitter_signature: Some(signature(admitter, &self.message(ADMITTED))),
            ..self.unsigned()
        }
    }

    fn unsigned(&self) -> MemberKeys {
        MemberKeys {
            care: self.care.1,
            private: self.private.1,
            care_signature: None,
            private_signature: None,
            admitter_signature: None,
        }
    }

    /// Whether both keys signed that they are one.
    pub fn is_said_by_both(&self, keys: &MemberKeys) -> bool {
        let message = self.message(SAME);
        is_genuine(&self.care.1, &message, keys.care_signature)
            && is_genuine(&self.private.1, &message, keys.private_signature)
    }

    /// Whether that member of the private space signed that it let both in as one.
    pub fn is_said_by_admitter(&self, keys: &MemberKeys, admitter: &MemberId) -> bool {
        is_genuine(admitter, &self.message(ADMITTED), keys.admitter_signature)
    }
}

fn signature(member: &Identity, message: &[u8]) -> KeySignature {
    KeySignature::new(member.signing_key().sign(message).to_bytes())
}

fn is_genuine(member: &MemberId, message: &[u8], signature: Option<KeySignature>) -> bool {
    signature.is_some_and(|signature| is_signed_by(member, message, signature.as_bytes()))
}
