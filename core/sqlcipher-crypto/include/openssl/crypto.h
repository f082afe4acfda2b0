#error "SQLCipher is built with the companion's own cryptography: .cargo/config.toml of the workspace says so, and cargo reads it only when it is called in a folder of the workspace."
