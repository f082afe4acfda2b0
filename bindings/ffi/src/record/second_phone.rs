//! Letting in a second phone, and following the clinic to another server.

use companion_core::patient::{Invitation, Newcomer};
use companion_core::protocol::id::MemberId;

use super::PhoneRecord;
use crate::cross::{Cross, view};
use crate::error::Result;
use crate::values::LocalMoment;

/// A link to hand to a new phone. Whoever has it can join: it goes from hand to hand only.
#[derive(Clone, PartialEq, uniffi::Record)]
pub struct InvitationView {
    /// For a QR code, or to be typed.
    pub link: String,
    /// After this moment it is worth nothing.
    pub expires_at: LocalMoment,
    /// Whether a link that this phone made before can still be used, too.
    pub earlier_is_good: bool,
}

impl std::fmt::Debug for InvitationView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "InvitationView(.., until {:?})", self.expires_at)
    }
}

impl Cross<Invitation> for InvitationView {
    fn out(core: Invitation) -> Self {
        let Invitation {
            link,
            expires_at,
            earlier_is_good,
        } = core;
        Self {
            link,
            expires_at: Cross::out(expires_at),
            earlier_is_good,
        }
    }
}

view! {
    /// A phone that came by this phone's link and waits to be let in.
    NewcomerView of Newcomer {
        /// Its name, for `confirm_phone` and `refuse_phone`.
        member: MemberId,
        /// When it says that it came.
        came_at: LocalMoment,
        /// The words that it must show as well; nothing until it was answered: see the next exchange. If it shows
        /// others, it is somebody else's.
        compare_words: Option<Vec<String>>,
        /// A person saw the same words, and letting it in broke off: the next exchange goes on with it.
        is_confirmed: bool,
    }
}

#[uniffi::export]
impl PhoneRecord {
    /// A link for the person's second phone. Needs the server.
    ///
    /// # Errors
    ///
    /// `NotPaired`; `NotNow` on a phone that waits to be let in; `Offline`.
    pub async fn invite_phone(&self) -> Result<InvitationView> {
        self.inner
            .exchange(|patient, _| Ok(Cross::out(patient.invite_phone()?)))
            .await
    }

    /// Phones that came by this phone's links and wait to be let in. An exchange brings them here.
    ///
    /// # Errors
    ///
    /// `Damaged` when the record can't be read.
    pub async fn newcomers(&self) -> Result<Vec<NewcomerView>> {
        self.inner
            .ask(|patient| Ok(Cross::out(patient.newcomers()?)))
            .await
    }

    /// The newcomer shows the same words: lets it in. Needs the server.
    ///
    /// # Errors
    ///
    /// `NotNow` where nobody waits, or somebody else does; `Offline`.
    pub async fn confirm_phone(&self, newcomer: MemberId) -> Result<()> {
        self.inner
            .exchange(move |patient, _| Ok(patient.confirm_phone(newcomer)?))
            .await
    }

    /// The newcomer shows other words, or is not to come after all: turns it away, also after `confirm_phone` broke
    /// off. Needs the server.
    ///
    /// # Errors
    ///
    /// As of `confirm_phone`.
    pub async fn refuse_phone(&self, newcomer: MemberId) -> Result<()> {
        self.inner
            .exchange(move |patient, _| Ok(patient.refuse_phone(newcomer)?))
            .await
    }

    /// Goes to the server that the clinic said it moved to, once the person agreed (`moved_to` of the status); gives
    /// its address. The next exchange gives that server what it lacks.
    ///
    /// # Errors
    ///
    /// `NotNow` where the clinic did not say so, or that server does not hold the record yet; `BadAddress`; `Offline`
    /// where nobody answers, and the phone stays where it is.
    pub async fn follow_clinic(&self) -> Result<String> {
        self.inner
            .exchange(|patient, _| Ok(patient.follow_clinic()?))
            .await
    }

    /// Goes to a server by an address that the clinic gave by hand, where the old one is gone and can't tell of the
    /// move any more.
    ///
    /// # Errors
    ///
    /// `NotPaired`; and as of `follow_clinic`.
    pub async fn use_server(&self, address: String) -> Result<()> {
        self.inner
            .exchange(move |patient, _| Ok(patient.use_server(&address)?))
            .await
    }
}
