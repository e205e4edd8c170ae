// Package scenarios plays the salon's conversations over HTTP through the stand-ins, one file per
// scenario, in three languages, with the clock stopped. Replies are held to facts and intent, never
// to exact prose.
package scenarios

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"frontdesk/e2e/harness"
	"frontdesk/models"
)

// words is one wording per language.
type words map[models.Language]string

// Every scenario has a file of its own (R-1601).
func TestEighteenFiles(t *testing.T) {
	t.Parallel()
	for n := 1; n <= 18; n++ {
		file := fmt.Sprintf("s%02d_test.go", n)
		if source, err := os.ReadFile(file); err != nil || !strings.Contains(string(source), fmt.Sprintf("func TestS%02d(t *testing.T)", n)) {
			t.Errorf("%s does not play its scenario: %v", file, err)
		}
	}
}

// stylists by their names in each script, and the phones their notices go to.
var (
	salma = words{"en": "Salma", "es": "Salma", "ar": "سلمى"}
	dana  = words{"en": "Dana", "es": "Dana", "ar": "دانا"}
	iris  = words{"en": "Iris", "es": "Iris", "ar": "إيريس"}
	omar  = words{"en": "Omar", "es": "Omar", "ar": "عمر"}
	bruno = words{"en": "Bruno", "es": "Bruno", "ar": "برونو"}
)

const (
	salmasPhone = "+447700900201"
	danasPhone  = "+447700900202"
)

func eachLanguage(t *testing.T, play func(t *testing.T, lang models.Language)) {
	t.Helper()
	for _, lang := range models.Languages() {
		t.Run(lang, func(t *testing.T) { play(t, lang) })
	}
}

// says fails unless the replies contain every fact and are written in the language.
func says(t *testing.T, lang models.Language, replies []harness.Reply, facts ...string) {
	t.Helper()
	said := harness.Said(replies)
	for _, f := range facts {
		if !strings.Contains(said, f) {
			t.Errorf("%q is missing from:\n%s", f, said)
		}
	}
	if said == "" {
		t.Error("no reply")
	}
	if got := written(said); said != "" && got != lang {
		t.Errorf("reply is in %s, want %s:\n%s", got, lang, said)
	}
}

// silentOn fails when the replies contain any of the words.
func silentOn(t *testing.T, replies []harness.Reply, facts ...string) {
	t.Helper()
	said := harness.Said(replies)
	for _, f := range facts {
		if strings.Contains(said, f) {
			t.Errorf("%q must not stand in:\n%s", f, said)
		}
	}
}

var (
	arabicLetter = regexp.MustCompile(`\p{Arabic}`)
	latinLetter  = regexp.MustCompile(`\p{Latin}`)
	spanishWords = regexp.MustCompile(`(?i)\b(el|la|los|las|de|del|que|para|con|tu|te|una?|qué|cuál|por|es|está|hola|cita|gracias|reserva|tienes|puedo|prefieres)\b|[ñ¿¡áéíóú]`)
)

// written guesses the language a text is in.
func written(s string) models.Language {
	s = regexp.MustCompile(`https?://\S+`).ReplaceAllString(s, "")
	if len(arabicLetter.FindAllString(s, -1)) > len(latinLetter.FindAllString(s, -1)) {
		return models.Arabic
	}
	if len(spanishWords.FindAllString(s, -1)) >= 3 {
		return models.Spanish
	}
	return models.English
}

// times are the times of day the replies mention.
func times(replies []harness.Reply) map[string]bool {
	found := map[string]bool{}
	for _, at := range regexp.MustCompile(`\b\d{2}:\d{2}\b`).FindAllString(harness.Said(replies), -1) {
		found[at] = true
	}
	return found
}

// onlyTimes fails unless the replies mention exactly these times.
func onlyTimes(t *testing.T, replies []harness.Reply, want ...string) {
	t.Helper()
	got := times(replies)
	for _, w := range want {
		if !got[w] {
			t.Errorf("time %s is missing from:\n%s", w, harness.Said(replies))
		}
		delete(got, w)
	}
	for extra := range got {
		t.Errorf("time %s must not stand in:\n%s", extra, harness.Said(replies))
	}
}

func madrid(t *testing.T, at string) time.Time {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		t.Fatal(err)
	}
	when, err := time.ParseInLocation("2006-01-02 15:04", at, zone)
	if err != nil {
		t.Fatal(err)
	}
	return when
}
