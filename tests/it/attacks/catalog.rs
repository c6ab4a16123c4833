//! What a file does or says of itself: scripts, metadata, names, the way through its pages.

use spo::verify::Reason::*;

use super::base::{Base, CATALOG, INFORMATION, METADATA, PAGE, with};
use super::update::{Update, body, changed, raw_body, reference};
use super::{Attack, attack};

pub fn attacks(base: &Base) -> Vec<Attack> {
    let mut attacks = catalog(&base.order);
    attacks.extend(metadata(&base.order));
    attacks.extend(structure(&base.order));
    attacks
}

fn catalog(order: &[u8]) -> Vec<Attack> {
    let next = Update::to(order).next();
    let says = |more: &str| Update::to(order).object(CATALOG, &with(&body(order, CATALOG), more));
    let script = "<</S/JavaScript/JS(app.alert)>>";
    let file = "<</Type/Filespec/F(order.txt)/EF<</F 15 0 R>>>>";
    let page = with(&body(order, PAGE), &format!("/AA<</O{script}>>"));
    let language = changed(order, CATALOG, "/Lang(en-GB)", "/Lang(cy-GB)");
    let mode = changed(order, CATALOG, "/UseOutlines", "/FullScreen");
    let unmarked = changed(order, CATALOG, "/Marked true", "/Marked false");
    let other = |text: &str| Update::to(order).object(CATALOG, text).done();
    vec![
        attack("catalog/script-at-opening", &[ActionChanged], {
            says(&format!("/OpenAction{script}")).done()
        }),
        attack("catalog/script-of-its-own-object", &[ActionChanged], {
            says(&format!("/OpenAction {next} 0 R")).object(next, script).done()
        }),
        attack("catalog/additional-actions", &[ActionChanged], {
            says(&format!("/AA<</WC{script}>>")).done()
        }),
        attack("catalog/script-by-name", &[NamesChanged], {
            says(&format!("/Names<</JavaScript<</Names[(a){script}]>>>>")).done()
        }),
        attack("catalog/file-attached", &[NamesChanged], {
            says(&format!("/Names<</EmbeddedFiles<</Names[(a){file}]>>>>")).done()
        }),
        attack("catalog/associated-file", &[CatalogChanged, NamesChanged], {
            says(&format!("/AF[{file}]")).done()
        }),
        attack("catalog/script-of-a-page", &[ActionChanged], {
            Update::to(order).object(PAGE, &page).done()
        }),
        attack("catalog/layers", &[CatalogChanged], {
            says("/OCProperties<</OCGs[]/D<<>>>>").done()
        }),
        attack("catalog/language", &[StructureChanged], other(&language)),
        attack("catalog/mode-of-opening", &[CatalogChanged], other(&mode)),
        attack("catalog/marks-denied", &[CatalogChanged, StructureChanged], other(&unmarked)),
        attack("catalog/version", &[CatalogChanged], says("/Version/2.0").done()),
        attack("catalog/extensions-of-others", &[CatalogChanged], {
            says("/Extensions<</EVIL 12 0 R>>").done()
        }),
        attack("catalog/certification-taken-away", &[SignatureChanged, CertificationMismatch], {
            other(&changed(order, CATALOG, "/Perms<</DocMDP 11 0 R>>", ""))
        }),
        attack("catalog/certification-elsewhere", &[SignatureChanged], {
            other(&changed(order, CATALOG, "/DocMDP 11 0 R", "/DocMDP 12 0 R"))
        }),
        attack("catalog/usage-rights", &[SignatureChanged, CatalogChanged], {
            other(&changed(order, CATALOG, "/DocMDP 11 0 R", "/DocMDP 11 0 R/UR3 11 0 R"))
        }),
    ]
}

fn metadata(order: &[u8]) -> Vec<Attack> {
    let packet = String::from_utf8(raw_body(order, METADATA).to_vec()).unwrap();
    let data = packet.split("stream\n").nth(1).unwrap().split("\nendstream").next().unwrap();
    let title = "Stalking protection order";
    assert!(data.contains(title), "{data}");
    let other = data.replace(title, "Order without effect");
    let info = changed(order, INFORMATION, title, "Order without effect");
    let author = with(&body(order, INFORMATION), "/Author(The court)");
    let created = changed(order, INFORMATION, "/CreationDate(D:2026", "/CreationDate(D:2016");
    let next = Update::to(order).next();
    let catalog = changed(order, CATALOG, "/Metadata 13 0 R", &format!("/Metadata {next} 0 R"));
    let kind = "/Type/Metadata/Subtype/XML";
    vec![
        attack("metadata/packet", &[MetadataChanged], {
            Update::to(order).stream(METADATA, kind, other.as_bytes()).done()
        }),
        attack("metadata/packet-of-its-own-object", &[MetadataChanged], {
            let update = Update::to(order).object(CATALOG, &catalog);
            update.stream(next, kind, other.as_bytes()).done()
        }),
        attack("metadata/words-in-the-date", &[MetadataChanged], {
            let dated = data.replace("<xmp:ModifyDate>", "<xmp:ModifyDate>No longer in force ");
            assert_ne!(dated, data);
            Update::to(order).stream(METADATA, kind, dated.as_bytes()).done()
        }),
        attack("metadata/title", &[MetadataChanged], {
            Update::to(order).object(INFORMATION, &info).done()
        }),
        attack("metadata/author", &[MetadataChanged], {
            Update::to(order).object(INFORMATION, &author).done()
        }),
        attack("metadata/date-of-making", &[MetadataChanged], {
            Update::to(order).object(INFORMATION, &created).done()
        }),
        attack("metadata/other-information", &[MetadataChanged, TrailerChanged], {
            let update = Update::to(order).object(next, &info);
            update.trailer("/Info 12 0 R", &format!("/Info {next} 0 R")).done()
        }),
        attack("metadata/other-identifier", &[TrailerChanged], {
            let from = "/ID[<";
            let old = Update::to(order);
            old.trailer(from, "/ID[<00").done()
        }),
        attack("metadata/trailer-says-more", &[TrailerChanged], {
            Update::to(order).with_trailer("/Evil 15 0 R").done()
        }),
    ]
}

fn structure(order: &[u8]) -> Vec<Attack> {
    let root = reference(&body(order, CATALOG), "/StructTreeRoot");
    let outlines = reference(&body(order, CATALOG), "/Outlines");
    let first = reference(&body(order, outlines), "/First");
    let structured: &[_] = &[StructureChanged, ObjectChanged];
    let tree = with(&body(order, root), "/RoleMap<</P/Artifact>>");
    let entry = with(&body(order, first), "/A<</S/URI/URI(http://court.example/)>>");
    let labels = with(&body(order, CATALOG), "/PageLabels<</Nums[0<</S/r>>]>>");
    let shown = changed(order, PAGE, "/MediaBox[0 0 595.28 841.89]", "/MediaBox[0 0 595.28 400]");
    let turned = with(&body(order, PAGE), "/Rotate 180");
    vec![
        attack("structure/tree", structured, Update::to(order).object(root, &tree).done()),
        attack(
            "structure/outline-leads-away",
            &[StructureChanged, ObjectChanged, ActionChanged],
            Update::to(order).object(first, &entry).done(),
        ),
        attack("structure/page-labels", structured, {
            Update::to(order).object(CATALOG, &labels).done()
        }),
        attack("structure/page-cut", &[PageTreeChanged], {
            Update::to(order).object(PAGE, &shown).done()
        }),
        attack("structure/page-turned", &[PageTreeChanged], {
            Update::to(order).object(PAGE, &turned).done()
        }),
    ]
}
