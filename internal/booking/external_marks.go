package booking

import (
	"strings"
	"unicode"
	"unicode/utf8"

	outside "frontdesk/internal/calendar"
	"frontdesk/models"
)

// mark are words with which the title of a calendar's entry begins when it says what it is.
type mark struct {
	words string
	kind  models.BlockKind
}

// marks are all of them, longer ones first. What closes the whole salon names the salon or the public day:
// "Holiday in Lisbon" is one stylist's.
func marks() []mark {
	return []mark{
		{"salon closed", models.BlockClosed}, {"salon cerrado", models.BlockClosed}, {"الصالون مغلق", models.BlockClosed}, {"اغلاق الصالون", models.BlockClosed},
		{"salon holiday", models.BlockHoliday}, {"public holiday", models.BlockHoliday}, {"bank holiday", models.BlockHoliday}, {"local holiday", models.BlockHoliday},
		{"dia festivo", models.BlockHoliday}, {"festivo local", models.BlockHoliday}, {"festivo", models.BlockHoliday},
		{"عطله رسميه", models.BlockHoliday}, {"عطله محليه", models.BlockHoliday}, {"عطله الصالون", models.BlockHoliday},
		{"salon vacation", models.BlockVacation}, {"vacaciones del salon", models.BlockVacation}, {"اجازه الصالون", models.BlockVacation},
		{"day off", models.BlockDayOff}, {"dia libre", models.BlockDayOff}, {"يوم اجازه", models.BlockDayOff}, {"اجازه", models.BlockDayOff},
	}
}

// meaning is what an entry of somebody else's is for the diary; false: it takes no time. A marked entry counts
// even where it is shown as free, as whole days are by default. What its title says after the mark is kept where
// it closes the salon, for customers to read. Why somebody is away, and the title of any other entry, is nobody's
// business and goes no further than this.
func meaning(e outside.Entry) (kind models.BlockKind, reason models.Text, takes bool) {
	switch kind, rest, marked := marked(e.Title); {
	case marked && kind == models.BlockDayOff:
		return kind, models.Text{}, true
	case marked:
		return kind, said(rest), true
	}
	if e.Free {
		return "", nil, false
	}
	if e.Away {
		return models.BlockDayOff, models.Text{}, true
	}
	return models.BlockBusy, models.Text{}, true
}

// marked finds the mark that a title begins with, and what follows it: "Salon closed: staff training".
func marked(title string) (kind models.BlockKind, rest string, found bool) {
	title = oneLine(title)
	folded := strings.Map(foldLetter, title)
	for _, m := range marks() {
		after, begins := strings.CutPrefix(folded, m.words)
		next, _ := utf8.DecodeRuneInString(after)
		if !begins || unicode.IsLetter(next) || unicode.IsDigit(next) {
			continue
		}
		runes := []rune(title) // as many as the folded title has
		rest = string(runes[utf8.RuneCountInString(m.words):])
		return m.kind, strings.TrimFunc(rest, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != ')' && r != '(' }), true
	}
	return "", "", false
}

// foldLetter is a letter without the differences that people do not care to type; never more or fewer than one.
func foldLetter(r rune) rune {
	switch r {
	case 'á', 'Á':
		return 'a'
	case 'é', 'É':
		return 'e'
	case 'í', 'Í':
		return 'i'
	case 'ó', 'Ó':
		return 'o'
	case 'ú', 'Ú':
		return 'u'
	case 'أ', 'إ', 'آ':
		return 'ا'
	case 'ة':
		return 'ه'
	}
	return unicode.ToLower(r)
}

// said is a reason as its writer put it, whatever the reader's language; nobody translated it.
func said(words string) models.Text {
	if words == "" {
		return models.Text{}
	}
	if runes := []rune(words); len(runes) > MaxClosureReason {
		words = strings.TrimSpace(string(runes[:MaxClosureReason]))
	}
	return models.Text{models.English: words, models.Spanish: words, models.Arabic: words}
}
