//! The layouts are embedded by a macro that can't tell cargo which files it read.

fn main() {
    println!("cargo::rerun-if-changed=templates");
}
