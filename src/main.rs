//! The `impound` command.

fn main() {}
