//! What a dishonest or broken device may send.
