//! The QR code in the file: one form for all pages, painted where it stands on each. PDF 32000-1,
//! 8.10. Its operands are whole modules, so that it stays small, and no figures run on for longer
//! than a bar's: a telephone number can't come about in it.

use printpdf::{CurTransMat, DictItem, Op};

use super::body::{Body, Id, whole};
use crate::render::pages::Code;

/// Writes the form: a square of one unit a module, from the lower left corner.
pub(super) fn write(body: &mut Body, code: &Code) -> Id {
    let side = code.symbol.side;
    let mut content = b"0 g\n".to_vec();
    for bar in &code.symbol.bars {
        for number in [bar.x, bar.y, bar.width, bar.height] {
            whole(&mut content, number.into());
            content.push(b' ');
        }
        content.extend_from_slice(b"re\n");
    }
    content.extend_from_slice(b"f");
    let id = body.reserve();
    let entries = format!("/Type/XObject/Subtype/Form/BBox[0 0 {side} {side}]/Resources<<>>");
    body.deflated(id, &entries, &content);
    id
}

/// Paints the form on a page.
pub(super) fn paint(code: &Code) -> [Op; 4] {
    let matrix = CurTransMat::Raw([code.module, 0.0, 0.0, code.module, code.x, code.y]);
    let shown = vec![DictItem::Name(NAME.as_bytes().to_vec())];
    [
        Op::SaveGraphicsState,
        Op::SetTransformationMatrix { matrix },
        Op::Unknown { key: "Do".to_owned(), value: shown },
        Op::RestoreGraphicsState,
    ]
}

/// The form's name among a page's resources.
pub(super) const NAME: &str = "Code";
