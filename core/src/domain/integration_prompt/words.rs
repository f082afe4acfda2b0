//! The words of the prompts, and of the lines beside them, in each language. A table like that of the guides:
//! a language that lacks a prompt does not compile.

use super::BUNDLED;
use crate::domain::guide::Language;

/// The words in one language.
#[derive(Debug)]
pub struct Words {
    /// The tag of the language.
    pub language: &'static str,
    /// Beside every prompt.
    pub stop_any_time: &'static str,
    /// For whoever gets lost in it.
    pub way_back: &'static str,
    /// What each prompt says, in the order of [`BUNDLED`].
    pub prompts: [&'static str; BUNDLED.len()],
}

const ENGLISH: Words = Words {
    language: "en",
    stop_any_time: "You can stop at any time, or write nothing at all.",
    way_back: "If this gets too much: put it down, feel your feet on the ground, and name five things that you can \
               see. Your safety plan and people to call are one tap away.",
    prompts: [
        "What is your body like today?",
        "Is there an image, a color or a sound that stayed?",
        "Which feelings are around? They need no reason.",
        "What surprised you?",
        "What would you like to remember?",
        "Was something hard? Would you like help with it?",
        "Who could keep you company with this?",
        "What is one small thing that you could do this week?",
        "What would you like to tell your therapist?",
        "A week on: what has stayed?",
        "What is different on ordinary days, if anything is?",
    ],
};

const SPANISH: Words = Words {
    language: "es",
    stop_any_time: "Puedes parar en cualquier momento, o no escribir nada.",
    way_back: "Si esto es demasiado: déjalo a un lado, siente los pies en el suelo y nombra cinco cosas que puedas \
               ver. Tu plan de seguridad y las personas a las que llamar están a un toque.",
    prompts: [
        "¿Cómo está tu cuerpo hoy?",
        "¿Se te quedó una imagen, un color o un sonido?",
        "¿Qué sentimientos hay? No necesitan una razón.",
        "¿Qué te sorprendió?",
        "¿Qué te gustaría recordar?",
        "¿Hubo algo difícil? ¿Te gustaría recibir ayuda con eso?",
        "¿Quién podría acompañarte en esto?",
        "¿Qué cosa pequeña podrías hacer esta semana?",
        "¿Qué te gustaría contarle a tu terapeuta?",
        "Una semana después: ¿qué ha quedado?",
        "¿Qué es distinto en los días corrientes, si algo lo es?",
    ],
};

/// All languages, English first.
pub const ALL: [&Words; 2] = [&ENGLISH, &SPANISH];

impl Words {
    /// The words for whoever reads that language; English where we have none.
    pub fn of(language: &Language) -> &'static Words {
        let named = |tag: &Language| ALL.into_iter().find(|it| it.language == tag.as_str());
        language.chain().iter().find_map(named).unwrap_or(&ENGLISH)
    }

    /// What the bundled prompt of that name says.
    pub fn prompt(&self, id: &str) -> Option<&'static str> {
        let named = BUNDLED.iter().zip(self.prompts);
        let mut named = named.filter(|(prompt, _)| prompt.id == id);
        named.next().map(|(_, words)| words)
    }
}
