//! The few numbers of a face that a PDF repeats beside it: metrics, widths, and which
//! character a glyph draws. Read once a process; never shapes.

use std::collections::BTreeMap;

/// What a font descriptor and a width array say of a face, in thousandths of an em.
#[derive(Debug)]
pub(super) struct FaceTables {
    pub bbox: [i32; 4],
    pub ascent: i32,
    pub descent: i32,
    pub cap_height: i32,
    /// Degrees counter-clockwise from the vertical.
    pub italic_angle: f32,
    /// By glyph.
    pub widths: Vec<i32>,
    /// By character.
    pub glyphs: BTreeMap<char, u16>,
    /// By glyph: the lowest character that it draws.
    pub characters: BTreeMap<u16, char>,
}

impl FaceTables {
    /// Reads a font file; `None` where a table is missing or cut short.
    pub fn read(data: &[u8]) -> Option<Self> {
        let head = table(data, b"head")?;
        let hhea = table(data, b"hhea")?;
        let os2 = table(data, b"OS/2")?;
        let units = i32::from(unsigned(head, 18)?);
        let scaled = |value: i32| (value * 1000 + units / 2).div_euclid(units);
        let at = |table, offset| signed(table, offset).map(|v| scaled(i32::from(v)));
        let angle = signed(table(data, b"post")?, 4)?;
        let glyphs = characters(table(data, b"cmap")?)?;
        let mut by_glyph = BTreeMap::new();
        for (&character, &glyph) in &glyphs {
            by_glyph.entry(glyph).or_insert(character);
        }
        Some(Self {
            bbox: [at(head, 36)?, at(head, 38)?, at(head, 40)?, at(head, 42)?],
            ascent: at(hhea, 4)?,
            descent: at(hhea, 6)?,
            cap_height: at(os2, 88)?,
            italic_angle: f32::from(angle),
            widths: widths(data)?.into_iter().map(|w| scaled(i32::from(w))).collect(),
            glyphs,
            characters: by_glyph,
        })
    }
}

pub(super) fn table<'a>(data: &'a [u8], tag: &[u8; 4]) -> Option<&'a [u8]> {
    let count = usize::from(unsigned(data, 4)?);
    let record = data.get(12..12 + 16 * count)?.chunks_exact(16).find(|r| r[..4] == *tag)?;
    let start = long(record, 8)?;
    data.get(start..start.checked_add(long(record, 12)?)?)
}

/// One advance a glyph; the last one of `hmtx` holds for all that follow it.
fn widths(data: &[u8]) -> Option<Vec<u16>> {
    let glyphs = usize::from(unsigned(table(data, b"maxp")?, 4)?);
    let long_metrics = usize::from(unsigned(table(data, b"hhea")?, 34)?);
    let hmtx = table(data, b"hmtx")?;
    let last = long_metrics.checked_sub(1)?;
    (0..glyphs).map(|glyph| unsigned(hmtx, 4 * glyph.min(last))).collect()
}

/// The characters of the Windows Unicode subtable, formats 4 and 12.
fn characters(cmap: &[u8]) -> Option<BTreeMap<char, u16>> {
    let mut map = BTreeMap::new();
    let count = usize::from(unsigned(cmap, 2)?);
    for record in cmap.get(4..4 + 8 * count)?.chunks_exact(8) {
        let subtable = cmap.get(long(record, 4)?..)?;
        match (unsigned(record, 0)?, unsigned(subtable, 0)?) {
            (0 | 3, 4) => segments(subtable, &mut map)?,
            (0 | 3, 12) => groups(subtable, &mut map)?,
            _ => {}
        }
    }
    Some(map)
}

fn segments(subtable: &[u8], map: &mut BTreeMap<char, u16>) -> Option<()> {
    let doubled = usize::from(unsigned(subtable, 6)?);
    for segment in (0..doubled).step_by(2) {
        let end = unsigned(subtable, 14 + segment)?;
        let start = unsigned(subtable, 16 + doubled + segment)?;
        let delta = unsigned(subtable, 16 + 2 * doubled + segment)?;
        let place = 16 + 3 * doubled + segment;
        let offset = usize::from(unsigned(subtable, place)?);
        for code in start..=end {
            let glyph = if offset == 0 {
                code.wrapping_add(delta)
            } else {
                let index = place + offset + 2 * usize::from(code - start);
                match unsigned(subtable, index) {
                    Some(0) | None => 0,
                    Some(glyph) => glyph.wrapping_add(delta),
                }
            };
            if let (Some(character), 1..) = (char::from_u32(u32::from(code)), glyph) {
                map.entry(character).or_insert(glyph);
            }
        }
    }
    Some(())
}

fn groups(subtable: &[u8], map: &mut BTreeMap<char, u16>) -> Option<()> {
    let count = long(subtable, 12)?;
    let end = count.checked_mul(12)?.checked_add(16)?;
    for group in subtable.get(16..end)?.chunks_exact(12) {
        let (start, end, first) = (long(group, 0)?, long(group, 4)?, long(group, 8)?);
        for code in start..=end {
            let glyph = u16::try_from(first + (code - start)).ok()?;
            if let Some(character) = u32::try_from(code).ok().and_then(char::from_u32) {
                map.entry(character).or_insert(glyph);
            }
        }
    }
    Some(())
}

fn unsigned(data: &[u8], offset: usize) -> Option<u16> {
    Some(u16::from_be_bytes(data.get(offset..offset + 2)?.try_into().ok()?))
}

fn signed(data: &[u8], offset: usize) -> Option<i16> {
    Some(i16::from_be_bytes(data.get(offset..offset + 2)?.try_into().ok()?))
}

fn long(data: &[u8], offset: usize) -> Option<usize> {
    let value = u32::from_be_bytes(data.get(offset..offset + 4)?.try_into().ok()?);
    usize::try_from(value).ok()
}
