//! Days, as each language writes them.

use std::fmt::Write as _;

use icu_datetime::FixedCalendarDateTimeFormatter;
use icu_datetime::fieldsets::YMD;
use icu_datetime::input::Date;
use icu_locale::Locale;

use super::WordsError;
use crate::clock::UtcTime;
use crate::language::LanguageTag;

/// A day for machines and for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// ISO 8601, for machines.
    pub iso: String,
    /// As the language writes it.
    pub shown: String,
}

/// Writes days as a language does, in the digits that CLDR gives for it, but always in the Gregorian calendar: orders and
/// notices are dated in it everywhere. Where a day must be held against the signed text, the page shows the text's own
/// form beside it, so that nobody depends on reading the other digits.
#[derive(Debug)]
pub struct Days<'a> {
    language: &'a LanguageTag,
    locale: Locale,
}

impl<'a> Days<'a> {
    /// For one language.
    ///
    /// # Errors
    ///
    /// [`WordsError::Dates`]: CLDR has no dates in it.
    pub fn new(language: &'a LanguageTag) -> Result<Self, WordsError> {
        let mut with_calendar = language.as_str().to_owned();
        // Writing to a string does not fail.
        let _ = write!(with_calendar, "-u-ca-gregory");
        let locale = with_calendar.parse().map_err(|_| WordsError::Dates { language: language.clone() })?;
        Ok(Self { language, locale })
    }

    /// A moment's day in UTC.
    ///
    /// # Errors
    ///
    /// [`WordsError::Dates`]: CLDR has no dates in the language.
    pub fn write(&self, moment: UtcTime) -> Result<Day, WordsError> {
        let refuse = || WordsError::Dates { language: self.language.clone() };
        let iso = moment.to_string();
        let civil = moment.to_jiff().to_zoned(jiff::tz::TimeZone::UTC).date();
        let [month, day] = [civil.month(), civil.day()].map(|part| u8::try_from(part).unwrap_or_default());
        let date = Date::try_new_gregorian(i32::from(civil.year()), month, day).map_err(|_| refuse())?;
        let formatter = FixedCalendarDateTimeFormatter::try_new((&self.locale).into(), YMD::long());
        let shown = formatter.map_err(|_| refuse())?.format(&date).to_string();
        Ok(Day { iso, shown })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_gregorian_in_every_language() {
        let moment: UtcTime = "2026-11-22T08:00:00Z".parse().unwrap();
        for (language, shown) in [
            ("en", "November 22, 2026"),
            ("en-GB", "22 November 2026"),
            ("de", "22. November 2026"),
            ("ja", "2026年11月22日"),
            ("th", "22 พฤศจิกายน ค.ศ. 2026"),
            ("ar", "22 نوفمبر 2026"),
            ("fa", "۲۲ نوامبر ۲۰۲۶"),
            ("hi", "22 नवंबर, 2026"),
            ("he", "22 בנובמבר 2026"),
            ("zh-Hant", "2026年11月22日"),
            ("fi", "22. marraskuuta 2026"),
            ("ga", "Samhain 22, 2026"),
        ] {
            let language: LanguageTag = language.parse().unwrap();
            let day = Days::new(&language).unwrap().write(moment).unwrap();
            assert_eq!(day.shown, shown, "{language}");
            assert_eq!(day.iso, "2026-11-22T08:00:00Z");
        }
    }

    #[test]
    fn days_can_be_written_in_every_language_of_the_words() {
        let moment: UtcTime = "2026-11-22T08:00:00Z".parse().unwrap();
        for language in crate::words::languages() {
            let shown = Days::new(&language).unwrap().write(moment).unwrap().shown;
            // In any calendar but the Gregorian one, this is another year.
            assert!(shown.contains("2026") || shown.contains("۲۰۲۶"), "{language}: {shown}");
        }
    }
}
