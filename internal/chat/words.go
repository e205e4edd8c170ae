package chat

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"frontdesk/internal/i18n"
	"frontdesk/models"
)

// minutesLine is a length in minutes, in the plural of the language.
func minutesLine(n int) Line { return Line{Key: "chat.minutes", Count: &n} }

// hoursLine is a number of hours, in the plural of the language.
func hoursLine(n int) Line { return Line{Key: "chat.hours", Count: &n} }

// duration is a length that may exceed an hour: "95 min (1 h 35 min)".
func duration(minutes int) Line {
	if minutes <= 60 || minutes%60 == 0 {
		return minutesLine(minutes)
	}
	return say("chat.duration", i18n.Facts{"Minutes": minutesLine(minutes), "Hours": minutes / 60, "Rest": minutes % 60})
}

// price is an amount in the salon's currency, amount one in its own.
func (d *dialogue) price(minor int64) string { return d.amount(minor, d.f.Policies.Currency) }

func (d *dialogue) amount(minor int64, currency string) string {
	return i18n.Money(d.lang, models.Money{Minor: minor, Currency: currency})
}

// capital begins a line with a capital, where the script has them.
func capital(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}

func comma(lang models.Language) string {
	if lang == models.Arabic {
		return "، "
	}
	return ", "
}

// openingLine writes the weekly hours, days of equal hours together: "Monday–Friday 10:00–20:00,
// Saturday 10:00–14:00".
func openingLine(lang models.Language, hours []models.OpeningHours) string {
	byDay := map[time.Weekday]models.OpeningHours{}
	for _, h := range hours {
		byDay[h.Weekday] = h
	}
	var parts []string
	for i := 0; i < 7; i++ {
		h, ok := byDay[mondayFirst(i)]
		if !ok {
			continue
		}
		end := i
		for end+1 < 7 && byDay[mondayFirst(end+1)].Opens == h.Opens && byDay[mondayFirst(end+1)].Closes == h.Closes {
			end++
		}
		days := i18n.Weekday(lang, mondayFirst(i))
		if end > i {
			days += "–" + i18n.Weekday(lang, mondayFirst(end))
		}
		parts = append(parts, days+" "+h.Opens+"–"+h.Closes)
		i = end
	}
	return strings.Join(parts, comma(lang))
}

func mondayFirst(i int) time.Weekday { return time.Weekday((i + 1) % 7) }

func (d *dialogue) stylistName(id models.ID) string {
	return d.f.Menu.NameOfStylist(id).In(d.lang)
}

// slotLine names a slot within a sentence: "Friday 9 October at 12:30 with Dana".
func (d *dialogue) slotLine(s Slot) Line {
	at := s.Start.In(d.f.Now.Location())
	return say("chat.slot", i18n.Facts{
		"When":    say("chat.when", i18n.Facts{"Day": i18n.Day(d.lang, at), "Time": i18n.Clock(at)}),
		"Stylist": d.stylistName(s.StylistID),
	})
}
