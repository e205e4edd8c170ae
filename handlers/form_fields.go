package handlers

import (
	"math"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"frontdesk/internal/i18n"
	"frontdesk/models"
)

// The readings of a form. Each comes plain, for a field that must be filled in, and with Optional for one
// that need not be; a field that is empty or wrong reads as the zero value, and Valid is false.

// raw is the one value of a field, trimmed; wrong is noted when it cannot be ours.
func (f *form) raw(name string, most int) string {
	f.read[name] = true
	if len(f.values[name]) > 1 {
		f.Wrong(name, "console.form.twice")
		return ""
	}
	text := f.values.Get(name)
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		f.Wrong(name, "console.form.unreadable")
		return ""
	}
	if n := utf8.RuneCountInString(text); n > min(most, formValue) {
		f.Wrong(name, "console.form.long", "Max", min(most, formValue), "Count", n)
		return ""
	}
	return strings.TrimSpace(text)
}

// filled is raw for a field that must be filled in.
func (f *form) filled(name string, most int, optional bool) (string, bool) {
	before := len(f.wrong)
	text := f.raw(name, most)
	if len(f.wrong) > before || !f.posted {
		return "", false
	}
	if text == "" && !optional {
		f.Wrong(name, "console.form.missing")
	}
	return text, text != ""
}

// Text is one line of at most so many characters.
func (f *form) Text(name string, most int) string { return f.line(name, most, false) }

// OptionalText is one line or nothing.
func (f *form) OptionalText(name string, most int) string { return f.line(name, most, true) }

func (f *form) line(name string, most int, optional bool) string {
	text, _ := f.filled(name, most, optional)
	return oneLine(text)
}

// oneLine is text as one line, without characters that control how others are shown: a name must not turn
// round what stands beside it.
func oneLine(text string) string {
	return strings.Join(strings.Fields(strings.Map(printable, text)), " ")
}

func printable(r rune) rune {
	switch {
	case unicode.IsControl(r):
		return ' '
	case unicode.Is(unicode.Bidi_Control, r):
		return -1
	default:
		return r
	}
}

// Long is text of several lines, of at most so many characters. Lines end in \n, however they came.
func (f *form) Long(name string, most int) string { return f.lines(name, most, false) }

// OptionalLong is text of several lines or nothing.
func (f *form) OptionalLong(name string, most int) string { return f.lines(name, most, true) }

func (f *form) lines(name string, most int, optional bool) string {
	if list := f.values[name]; len(list) == 1 {
		f.values[name] = []string{strings.ReplaceAll(list[0], "\r\n", "\n")} // browsers send CRLF and count one
	}
	text, _ := f.filled(name, most, optional)
	return strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
}

// Secret is a password or a code exactly as typed. It is never sent back.
func (f *form) Secret(name string, most int) string {
	if f.raw(name, most); !f.posted {
		return ""
	}
	text := f.values.Get(name)
	if text == "" {
		f.Wrong(name, "console.form.missing")
	}
	return text
}

// Number is a whole number within the bounds, both inclusive.
func (f *form) Number(name string, least, most int) int {
	n, _ := f.number(name, least, most, false)
	return n
}

// OptionalNumber is a whole number, nil when the field is empty.
func (f *form) OptionalNumber(name string, least, most int) *int {
	if n, ok := f.number(name, least, most, true); ok {
		return &n
	}
	return nil
}

func (f *form) number(name string, least, most int, optional bool) (int, bool) {
	text, ok := f.filled(name, 20, optional)
	if !ok {
		return 0, false
	}
	n, ok := atoi(western(text))
	switch {
	case !ok:
		f.Wrong(name, "console.form.number")
	case n < least || n > most:
		f.Wrong(name, "console.form.range", "Min", least, "Max", most)
	default:
		return n, true
	}
	return 0, false
}

// Money is an amount in minor units from zero to most, typed with at most two decimals behind a point or a
// comma.
func (f *form) Money(name string, most int64) int64 {
	text, ok := f.filled(name, 20, false)
	if !ok {
		return 0
	}
	minor, ok := minorUnits(western(text))
	switch {
	case !ok:
		f.Wrong(name, "console.form.amount")
	case minor > most:
		f.Wrong(name, "console.form.amount_most", "Max", i18n.Amount(most))
	default:
		return minor
	}
	return 0
}

// minorUnits reads "26", "26.2", "26,20". A thousand is written without a mark: "1.000" could be one or a
// thousand.
func minorUnits(text string) (int64, bool) {
	whole, cents, marked := strings.Cut(strings.Replace(text, ",", ".", 1), ".")
	if marked && (len(cents) < 1 || len(cents) > 2) || !digits(whole) || marked && !digits(cents) {
		return 0, false
	}
	for len(cents) < 2 {
		cents += "0"
	}
	n, ok := atoi(whole + cents)
	return int64(n), ok && n < math.MaxInt32
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// western writes Arabic and Persian digits and marks as ours, and leaves out what groups them.
func western(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '٫':
			return '.'
		case unicode.IsSpace(r) || r == '٬' || unicode.Is(unicode.Cf, r):
			return -1
		default:
			return i18n.WesternDigit(r)
		}
	}, s)
}

// Choice is one of the allowed words.
func (f *form) Choice(name string, allowed ...string) string { return f.choice(name, false, allowed) }

// OptionalChoice is one of the allowed words or nothing.
func (f *form) OptionalChoice(name string, allowed ...string) string {
	return f.choice(name, true, allowed)
}

func (f *form) choice(name string, optional bool, allowed []string) string {
	text, ok := f.filled(name, 200, true)
	switch {
	case !f.posted:
	case !ok && !optional:
		f.Wrong(name, "console.form.choose")
	case ok && !slices.Contains(allowed, text):
		f.Wrong(name, "console.form.choice")
	default:
		return text
	}
	return ""
}

// Choices are any number of the allowed words, each once, in the order they were allowed.
func (f *form) Choices(name string, allowed ...string) []string {
	f.read[name] = true
	var out []string
	for _, word := range allowed {
		if slices.Contains(f.values[name], word) {
			out = append(out, word)
		}
	}
	for _, word := range f.values[name] {
		if f.posted && !slices.Contains(allowed, word) {
			f.Wrong(name, "console.form.choice")
			return nil
		}
	}
	return out
}

// Checked tells whether a box is ticked.
func (f *form) Checked(name string) bool {
	return f.choice(name, true, []string{"yes", "on", "true", "1"}) != ""
}

// Date is a day: its midnight in the zone.
func (f *form) Date(name string, zone *time.Location) time.Time {
	return f.at(name, time.DateOnly, "console.form.date", zone, false)
}

// OptionalDate is a day, zero when the field is empty.
func (f *form) OptionalDate(name string, zone *time.Location) time.Time {
	return f.at(name, time.DateOnly, "console.form.date", zone, true)
}

// Moment is a day and a time of a field of type datetime-local, in the zone.
func (f *form) Moment(name string, zone *time.Location) time.Time {
	return f.at(name, "2006-01-02T15:04", "console.form.moment", zone, false)
}

func (f *form) at(name, layout, key string, zone *time.Location, optional bool) time.Time {
	text, ok := f.filled(name, 40, optional)
	if !ok {
		return time.Time{}
	}
	t, err := time.ParseInLocation(layout, western(text), zone)
	if err != nil || t.Year() < 1900 || t.Year() > 2200 {
		f.Wrong(name, key)
		return time.Time{}
	}
	return t
}

// Clock is a time of day as minutes after midnight, 0 to 1440: "24:00" ends a day.
func (f *form) Clock(name string) int {
	n, _ := f.clock(name, false)
	return n
}

// OptionalClock is a time of day, nil when the field is empty.
func (f *form) OptionalClock(name string) *int {
	if n, ok := f.clock(name, true); ok {
		return &n
	}
	return nil
}

func (f *form) clock(name string, optional bool) (int, bool) {
	text, ok := f.filled(name, 10, optional)
	if !ok {
		return 0, false
	}
	hour, minute, _ := strings.Cut(western(text), ":")
	h, okHour := atoi(hour)
	m, okMinute := atoi(minute)
	if !okHour || !okMinute || len(minute) != 2 || h < 0 || m < 0 || m > 59 || h*60+m > 24*60 {
		f.Wrong(name, "console.form.clock")
		return 0, false
	}
	return h*60 + m, true
}

// Texts is a wording in the three languages, all of them, of at most so many characters each.
func (f *form) Texts(name string, most int) models.Text { return f.texts(name, most, false) }

// OptionalTexts is a wording in all three languages or in none.
func (f *form) OptionalTexts(name string, most int) models.Text {
	for _, lang := range models.Languages() {
		if strings.TrimSpace(f.values.Get(name+"."+lang)) != "" {
			return f.texts(name, most, false)
		}
	}
	return f.texts(name, most, true)
}

func (f *form) texts(name string, most int, optional bool) models.Text {
	out := models.Text{}
	for _, lang := range models.Languages() {
		if text := f.lines(name+"."+lang, most, optional); text != "" {
			out[lang] = text
		}
	}
	return out
}

// FillTexts says what a wording starts with.
func (f *form) FillTexts(name string, text models.Text) {
	for _, lang := range models.Languages() {
		f.Fill(name+"."+lang, text[lang])
	}
}

// ID is the id of a thing chosen from a list.
func (f *form) ID(name string) models.ID {
	id, _ := f.id(name, false)
	return id
}

// OptionalID is an id, nil when nothing is chosen.
func (f *form) OptionalID(name string) *models.ID {
	if id, ok := f.id(name, true); ok {
		return &id
	}
	return nil
}

func (f *form) id(name string, optional bool) (id models.ID, ok bool) {
	text, ok := f.filled(name, 40, true)
	if !ok && !optional && f.posted {
		f.Wrong(name, "console.form.choose")
	}
	if ok && id.UnmarshalText([]byte(text)) != nil {
		f.Wrong(name, "console.form.choice")
		return models.ID{}, false
	}
	return id, ok
}

// IDs are the ids of the things chosen, at most so many.
func (f *form) IDs(name string, most int) []models.ID {
	f.read[name] = true
	if len(f.values[name]) > most {
		f.Wrong(name, "console.form.many", "Max", most)
		return nil
	}
	var out []models.ID
	for _, text := range f.values[name] {
		var id models.ID
		if id.UnmarshalText([]byte(text)) != nil {
			f.Wrong(name, "console.form.choice")
			return nil
		}
		out = append(out, id)
	}
	return out
}

// Phrase checks that the phrase was typed that an act of weight asks for; case and spaces around do not
// matter.
func (f *form) Phrase(want string) {
	got := f.OptionalText("phrase", 200)
	if f.posted && !strings.EqualFold(got, want) {
		f.Wrong("phrase", "console.phrase.wrong", "Phrase", want)
	}
}
