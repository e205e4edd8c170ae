package i18n

import (
	"fmt"
	"strconv"
	"time"

	"github.com/go-playground/locales"
	"github.com/go-playground/locales/ar"
	"github.com/go-playground/locales/en"
	"github.com/go-playground/locales/es"

	"frontdesk/models"
)

// Formats are the same in every language where a mix-up would cost something: times are HH:MM on a
// 24-hour clock, amounts have two decimals and a point, digits are Western.

// WesternDigit is the Western form of an Arabic or Persian digit, and every other character as it is.
func WesternDigit(r rune) rune {
	switch {
	case r >= '٠' && r <= '٩':
		return r - '٠' + '0'
	case r >= '۰' && r <= '۹':
		return r - '۰' + '0'
	default:
		return r
	}
}

// Clock writes the time of day. The caller puts the time into the salon's zone first.
func Clock(t time.Time) string { return t.Format("15:04") }

// Money writes an amount with its currency: "€16.00", "16.00 €".
func Money(lang models.Language, m models.Money) string {
	amount := Amount(m.Minor)
	switch {
	case m.Currency == "EUR" && lang == models.English:
		return "€" + amount
	case m.Currency == "EUR":
		return amount + " €"
	default:
		return amount + " " + m.Currency
	}
}

// Amount writes minor units of a two-decimal currency with two decimals and a point.
func Amount(minor int64) string {
	sign := ""
	if minor < 0 {
		sign, minor = "-", -minor
	}
	return fmt.Sprintf("%s%d.%02d", sign, minor/100, minor%100)
}

// Weekday is the full name of the day: "Friday", "viernes", "الجمعة".
func Weekday(lang models.Language, d time.Weekday) string { return translator(lang).WeekdayWide(d) }

// WeekdayShort is the short name of the day, for chips and diary heads.
func WeekdayShort(lang models.Language, d time.Weekday) string {
	if lang == models.Arabic {
		return translator(lang).WeekdayWide(d) // Arabic days have no customary short form
	}
	return translator(lang).WeekdayAbbreviated(d)
}

// Day writes a day with its weekday: "Friday 9 October", "viernes 9 de octubre", "الجمعة 9 أكتوبر".
func Day(lang models.Language, t time.Time) string {
	month := translator(lang).MonthWide(t.Month())
	day := strconv.Itoa(t.Day())
	if lang == models.Spanish {
		return Weekday(lang, t.Weekday()) + " " + day + " de " + month
	}
	return Weekday(lang, t.Weekday()) + " " + day + " " + month
}

// DayShort writes a day briefly: "Fri 9 Oct", "vie 9 oct", "الجمعة 9 أكتوبر".
func DayShort(lang models.Language, t time.Time) string {
	return WeekdayShort(lang, t.Weekday()) + " " + strconv.Itoa(t.Day()) + " " + translator(lang).MonthAbbreviated(t.Month())
}

// Moment writes a day and a time: "Fri 9 Oct, 12:30", "الجمعة 9 أكتوبر، 12:30".
func Moment(lang models.Language, t time.Time) string {
	comma := ", "
	if lang == models.Arabic {
		comma = "، "
	}
	return DayShort(lang, t) + comma + Clock(t)
}

func translator(lang models.Language) locales.Translator {
	switch lang {
	case models.Spanish:
		return es.New()
	case models.Arabic:
		return ar.New()
	default:
		return en.New()
	}
}
