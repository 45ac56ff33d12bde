//! Colours, and whether everyone can read what is written in them; where the partners stand.

use std::fmt::{self, Write as _};
use std::str::FromStr;

/// WCAG 2.2 success criterion 1.4.3, level AA: text on its ground.
pub const TEXT_RATIO: f64 = 4.5;

/// WCAG 2.2 success criterion 1.4.11: marks that tell something, and the ring around what has the focus.
const MARK_RATIO: f64 = 3.0;

/// A colour of sRGB, `#0d2238`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour([u8; 3]);

/// Not a colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a colour is # and six hexadecimal digits")]
pub struct ColourError;

impl FromStr for Colour {
    type Err = ColourError;

    fn from_str(text: &str) -> Result<Self, ColourError> {
        let digits = text.strip_prefix('#').filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        let number = digits.filter(|digits| digits.len() == 6).and_then(|digits| u32::from_str_radix(digits, 16).ok());
        number.map(Self::of).ok_or(ColourError)
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl Colour {
    /// `0xRRGGBB`.
    const fn of(number: u32) -> Self {
        let [_, red, green, blue] = number.to_be_bytes();
        Self([red, green, blue])
    }

    /// WCAG 2.2, "relative luminance".
    fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        let [red, green, blue] = self.0.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// WCAG 2.2, "contrast ratio": from 1 to 21, the same either way.
    pub fn contrast(self, other: Self) -> f64 {
        let (one, other) = (self.luminance() + 0.05, other.luminance() + 0.05);
        one.max(other) / one.min(other)
    }

    /// So many sixty-fourths of the way to another colour.
    fn towards(self, other: Self, steps: u16) -> Self {
        let mut mixed = self.0;
        for (channel, goal) in mixed.iter_mut().zip(other.0) {
            let sum = u16::from(*channel) * (64 - steps.min(64)) + u16::from(goal) * steps.min(64);
            *channel = u8::try_from(sum / 64).unwrap_or(u8::MAX);
        }
        Self(mixed)
    }
}

/// Declares the colours of a page together: field, variant, key of the playbook, by day and by night.
macro_rules! paints {
    ($($field:ident $variant:ident $key:literal $light:literal $dark:literal $text:literal)*) => {
        /// What a colour of a page is for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Paint {
            $(#[doc = $text] $variant,)*
        }

        impl Paint {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The key in playbooks, and the name of the custom property in the style sheet.
            pub fn key(self) -> &'static str {
                match self { $(Self::$variant => $key,)* }
            }
        }

        /// The colours of a page by day or by night.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct Scheme {
            $($field: Colour,)*
        }

        impl Scheme {
            /// By day.
            pub const LIGHT: Self = Self { $($field: Colour::of($light),)* };

            /// By night.
            pub const DARK: Self = Self { $($field: Colour::of($dark),)* };

            /// The colour for a purpose.
            pub fn of(&self, paint: Paint) -> Colour {
                match paint { $(Paint::$variant => self.$field,)* }
            }

            /// Another colour for a purpose.
            pub fn set(&mut self, paint: Paint, colour: Colour) {
                match paint { $(Paint::$variant => self.$field = colour,)* }
            }
        }
    };
}

paints! {
    paper Paper "paper" 0xffffff 0x10161d "The ground of the page."
    tint Tint "tint" 0xf2f4f7 0x19212b "The ground of boxes."
    ink Ink "ink" 0x16202c 0xe9edf2 "Text."
    soft Soft "soft" 0x4a5665 0xb3bdc9 "Labels."
    line Line "line" 0xc9d0d9 0x3a4653 "Lines between parts."
    link Link "link" 0x0a4a8a 0x93c4f5 "Links, and the ring around what has the focus."
    mark Mark "mark" 0xa8842c 0xd6b25c "The bar above the headline, and the mark of the chosen language."
    head Head "head" 0x0d2238 0x122942 "The ground of the headline."
    head_ink HeadInk "head-ink" 0xffffff 0xffffff "The headline, and the ring around what has the focus on its ground."
    head_soft HeadSoft "head-soft" 0xced8e4 0xced8e4 "Labels below the headline."
    head_mark HeadMark "head-mark" 0xf0d48f 0xf0d48f "The words `Official notice` above the headline."
}

/// What is written or drawn on what, and how much it must stand out.
const NEEDS: [(Paint, &[Paint], f64); 7] = [
    (Paint::Ink, &[Paint::Paper, Paint::Tint], TEXT_RATIO),
    (Paint::Soft, &[Paint::Paper, Paint::Tint], TEXT_RATIO),
    (Paint::Link, &[Paint::Paper, Paint::Tint], TEXT_RATIO),
    (Paint::Mark, &[Paint::Paper], MARK_RATIO),
    (Paint::HeadInk, &[Paint::Head], TEXT_RATIO),
    (Paint::HeadSoft, &[Paint::Head], TEXT_RATIO),
    (Paint::HeadMark, &[Paint::Head], TEXT_RATIO),
];

/// A colour that does not stand out enough.
#[derive(Debug, Clone, PartialEq)]
pub struct TooFaint {
    /// What is written.
    pub paint: Paint,
    /// On what.
    pub ground: Paint,
    /// The contrast between them, from 1 to 21.
    pub found: f64,
    /// The contrast that is needed.
    pub needed: f64,
    /// The nearest shade that stands out on every ground it is used on; `None`: the ground is at fault.
    pub better: Option<Colour>,
}

impl Scheme {
    /// Every colour that does not stand out from its ground as WCAG 2.2 AA demands, on its worst ground.
    pub fn too_faint(&self) -> Vec<TooFaint> {
        let faint = |(paint, grounds, needed): &(Paint, &[Paint], f64)| {
            let on = |ground: &Paint| (*ground, self.of(*paint).contrast(self.of(*ground)));
            let (ground, found) = grounds.iter().map(on).min_by(|one, other| one.1.total_cmp(&other.1))?;
            let better = || self.nearest(*paint, grounds, *needed);
            (found < *needed).then(|| TooFaint { paint: *paint, ground, found, needed: *needed, better: better() })
        };
        NEEDS.iter().filter_map(faint).collect()
    }

    /// The colour, as little darker or lighter as it must be.
    fn nearest(&self, paint: Paint, grounds: &[Paint], needed: f64) -> Option<Colour> {
        let (black, white) = (Colour::of(0), Colour::of(0xff_ffff));
        let shades = (1..=64).flat_map(|steps| [black, white].map(|goal| self.of(paint).towards(goal, steps)));
        let stands_out = |shade: &Colour| grounds.iter().all(|ground| shade.contrast(self.of(*ground)) >= needed);
        shades.into_iter().find(stands_out)
    }

    /// The custom properties of the style sheet.
    fn write(&self, css: &mut String) {
        for paint in Paint::ALL {
            // Writing to a string does not fail.
            let _ = write!(css, "--{}:{};", paint.key(), self.of(*paint));
        }
    }
}

/// Where the agencies stand, with their seals.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Partners {
    /// Side by side below the headline; on a phone after the story.
    #[default]
    Row,
    /// In boxes with large seals, after the story.
    Grid,
    /// One below the other, beside the story.
    List,
}

impl Partners {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Row, Self::Grid, Self::List];

    /// The word in playbooks, and the class in the page.
    pub fn word(self) -> &'static str {
        match self {
            Self::Row => "row",
            Self::Grid => "grid",
            Self::List => "list",
        }
    }
}

/// How a notice looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    /// Its colours by day.
    pub light: Scheme,
    /// Its colours by night.
    pub dark: Scheme,
    /// Where the agencies stand.
    pub partners: Partners,
}

impl Default for Theme {
    fn default() -> Self {
        Self { light: Scheme::LIGHT, dark: Scheme::DARK, partners: Partners::default() }
    }
}

impl Theme {
    /// The colours as CSS custom properties, to stand before the style sheet that uses them.
    pub fn style(&self) -> String {
        let mut css = String::from(":root{color-scheme:light dark;");
        self.light.write(&mut css);
        css.push_str("}\n@media (prefers-color-scheme:dark){:root{");
        self.dark.write(&mut css);
        css.push_str("}}\n");
        css
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn colour(text: &str) -> Colour {
        text.parse().unwrap()
    }

    #[test]
    fn colours_are_six_digits() {
        assert_eq!(colour("#0D2238").to_string(), "#0d2238");
        for text in ["", "#", "0d2238", "#fff", "#0d22381", "#0d223g", "#+d2238", "red", "#0d2238;}", "rgb(0,0,0)"] {
            assert!(text.parse::<Colour>().is_err(), "{text}");
        }
    }

    /// The values that other people's tools give for these pairs.
    #[test]
    fn contrast_is_that_of_wcag() {
        for (one, other, ratio) in [
            ("#000000", "#ffffff", 21.0),
            ("#ffffff", "#ffffff", 1.0),
            ("#777777", "#ffffff", 4.48),
            ("#767676", "#ffffff", 4.54),
            ("#ff0000", "#ffffff", 4.00),
            ("#0000ff", "#ffffff", 8.59),
        ] {
            let found = colour(one).contrast(colour(other));
            assert!((found - ratio).abs() < 0.005, "{one} on {other}: {found}");
            assert!((colour(other).contrast(colour(one)) - found).abs() < f64::EPSILON);
        }
    }

    #[test]
    fn our_own_colours_stand_out_by_day_and_by_night() {
        for scheme in [Scheme::LIGHT, Scheme::DARK] {
            assert_eq!(scheme.too_faint(), []);
            // The first view is read in the sun.
            for paint in [Paint::HeadInk, Paint::HeadSoft, Paint::HeadMark] {
                assert!(scheme.of(paint).contrast(scheme.of(Paint::Head)) >= 7.0, "{paint:?}");
            }
        }
    }

    #[test]
    fn a_faint_colour_is_told_once_with_a_shade_that_can_be_read() {
        let mut scheme = Scheme::LIGHT;
        scheme.set(Paint::Soft, colour("#9aa5b1"));
        let [faint] = scheme.too_faint().try_into().unwrap();
        assert_eq!((faint.paint, faint.ground), (Paint::Soft, Paint::Tint));
        assert!(faint.found > 2.0 && faint.found < 2.5, "{}", faint.found);
        scheme.set(Paint::Soft, faint.better.unwrap());
        assert_eq!(scheme.too_faint(), []);

        // Between black and white paper nothing can be read on both.
        scheme.set(Paint::Paper, colour("#000000"));
        scheme.set(Paint::Tint, colour("#ffffff"));
        let faint = scheme.too_faint();
        assert!(faint.iter().any(|faint| faint.paint == Paint::Ink), "{faint:?}");
    }

    #[test]
    fn the_style_has_every_colour_twice_and_the_dark_one_last() {
        let style = Theme::default().style();
        for paint in Paint::ALL {
            assert_eq!(style.matches(&format!("--{}:#", paint.key())).count(), 2, "{paint:?}");
        }
        assert!(style.rfind("#10161d") > style.rfind("prefers-color-scheme:dark"));
    }
}
