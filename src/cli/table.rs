//! Tables of text in 80 columns, wide characters counted as such.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Rows under headings; each column as wide as its widest cell, the whole at most `columns` wide: what does not fit is cut
/// in the widest columns first, and marked with `…`.
pub fn table<const N: usize>(headings: [&str; N], rows: &[[String; N]], columns: usize) -> String {
    let mut widths = headings.map(UnicodeWidthStr::width);
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width());
        }
    }
    shrink(&mut widths, columns.saturating_sub(2 * N.saturating_sub(1)));
    let mut text = line(&headings.map(str::to_owned), &widths);
    for row in rows {
        text.push_str(&line(row, &widths));
    }
    text
}

fn shrink<const N: usize>(widths: &mut [usize; N], room: usize) {
    while widths.iter().sum::<usize>() > room {
        // The first column says what a row is about: it is cut when it is twice as wide as the others.
        let weight = |(place, width): &(usize, &mut usize)| if *place == 0 { **width } else { 2 * **width };
        match widths.iter_mut().enumerate().max_by_key(weight) {
            Some((_, widest)) if *widest > 8 => *widest -= 1,
            _ => return,
        }
    }
}

fn line<const N: usize>(cells: &[String; N], widths: &[usize; N]) -> String {
    let mut text = String::new();
    for (cell, width) in cells.iter().zip(widths) {
        let cut = fit(cell, *width);
        text.push_str(&cut);
        text.push_str(&" ".repeat(width - cut.width().min(*width) + 2));
    }
    let mut text = text.trim_end().to_owned();
    text.push('\n');
    text
}

/// The cell, or as much of it as fits with a mark where the rest was. Of a sentence the beginning is kept, of a name both ends,
/// since names often differ in their last letters.
pub(super) fn fit(cell: &str, width: usize) -> String {
    if cell.width() <= width {
        return cell.to_owned();
    }
    let room = width.saturating_sub(1);
    let tail_room = if cell.contains(' ') { 0 } else { room / 2 };
    let tail: String = taken(cell.chars().rev(), tail_room).into_iter().rev().collect();
    let head: String = taken(cell.chars(), room - tail.width()).into_iter().collect();
    format!("{head}…{tail}")
}

/// As many characters as stand in so many columns.
fn taken(chars: impl Iterator<Item = char>, mut room: usize) -> Vec<char> {
    let mut taken = Vec::new();
    for c in chars {
        let wide = c.width().unwrap_or(0);
        if wide > room {
            break;
        }
        room -= wide;
        taken.push(c);
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::columns::COLUMNS;

    #[test]
    fn a_table_fits_80_columns_whatever_it_holds() {
        let rows = [
            ["short".to_owned(), "a".repeat(200), "b".repeat(60)],
            ["例え.テスト".to_owned(), "x".to_owned(), "y".to_owned()],
        ];
        let text = table(["NAME", "FIRST", "SECOND"], &rows, COLUMNS);
        assert!(text.lines().all(|line| line.width() <= COLUMNS), "{text}");
        assert!(text.contains('…'));
        assert!(text.contains("例え.テスト  x"), "{text}");
        for (cell, width, cut) in [
            ("greytide-news.example", 13, "greyti…xample"),
            ("a sentence of words", 9, "a senten…"),
            ("例え例え例え", 6, "例…え"),
            ("abc", 3, "abc"),
        ] {
            assert_eq!(fit(cell, width), cut);
        }
    }
}
