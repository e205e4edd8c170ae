// Package phrases reads the labelled messages by which the understanding of customers is trained and
// judged: what people write, and what each message means. The program never needs it.
package phrases

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"frontdesk/internal/chat/understand"
	"frontdesk/models"
)

// The splits: all but the last are trained on and may be read by whoever writes rules; of More only the
// intents are labelled. The test split was written by people who had not read the rules, and only judges.
const (
	Train = "train"
	Dev   = "dev"
	More  = "more"
	Wide  = "wide"
	Test  = "test"
)

// Trained are the splits the models are made from.
func Trained() []string { return []string{Train, More, Wide, Dev} }

// Sum is the digest of every file the models are made from, as sha256sum writes it.
func Sum(dir string) (string, error) {
	var b strings.Builder
	for _, split := range Trained() {
		for _, lang := range models.Languages() {
			raw, err := os.ReadFile(filepath.Join(dir, File(split, lang)))
			if err != nil {
				return "", err
			}
			fmt.Fprintf(&b, "%x  %s\n", sha256.Sum256(raw), File(split, lang))
		}
	}
	return b.String(), nil
}

// Phrase is one message and what it means. Fields that were not said are empty.
type Phrase struct {
	Text   string   `json:"text"`
	Intent string   `json:"intent"` // the main thing wanted
	Also   []string `json:"also"`   // what is clearly there besides

	Services  []string        `json:"services"`
	Ambiguous [][]string      `json:"ambiguous"`
	Day       string          `json:"day"`
	Days      []string        `json:"days"` // from, to
	Part      understand.Part `json:"part"`
	At        string          `json:"at"`
	After     string          `json:"after"`
	Before    string          `json:"before"`

	Stylists    []string               `json:"stylists"`
	NotStylists []string               `json:"not_stylists"`
	Name        string                 `json:"name"`
	FAQs        []string               `json:"faqs"`
	Topic       understand.HealthTopic `json:"topic"`
	Language    models.Language        `json:"language"`
	Choice      int                    `json:"choice"`
	Flags       []string               `json:"flags"`

	// What the conversation had come to.
	Expect  understand.Expect `json:"expect"`
	Options []string          `json:"options"`
	Known   string            `json:"known"`

	DelayMin int    `json:"delay_min"`
	Person   string `json:"person"`
	Product  string `json:"product"`
	Quantity int    `json:"quantity"`
	Order    string `json:"order"`

	Line int `json:"-"` // of the file
}

// File is where a split stands below the directory of package understand.
func File(split string, lang models.Language) string {
	return filepath.Join("testdata", "phrases", split, string(lang)+".jsonl")
}

// Load reads the split of a language below the directory of package understand. An unknown field
// fails, so that no label is dropped in silence.
func Load(dir, split string, lang models.Language) ([]Phrase, error) {
	raw, err := os.ReadFile(filepath.Join(dir, File(split, lang)))
	if err != nil {
		return nil, err
	}
	var all []Phrase
	lines := bufio.NewScanner(bytes.NewReader(raw))
	for lines.Scan() {
		p := Phrase{Line: len(all) + 1}
		d := json.NewDecoder(bytes.NewReader(lines.Bytes()))
		d.DisallowUnknownFields()
		if err := d.Decode(&p); err != nil {
			return nil, fmt.Errorf("%s line %d: %w", File(split, lang), p.Line, err)
		}
		all = append(all, p)
	}
	return all, lines.Err()
}

// Input is the message as the conversation hands it over, on Tuesday 6 October 2026 at 10:00.
func (p Phrase) Input(lang models.Language, v understand.Vocabulary) understand.Input {
	in := understand.Input{Text: p.Text, Language: lang, Expect: p.Expect, Known: p.Known, Now: now(), Vocabulary: v}
	for i, title := range p.Options {
		in.Options = append(in.Options, models.Option{ID: "slot:" + string(rune('0'+i)), Title: title})
	}
	return in
}

// now has Madrid's offset of that day; nothing counted from it crosses the end of summer time.
func now() time.Time {
	return time.Date(2026, time.October, 6, 10, 0, 0, 0, time.FixedZone("CEST", 2*60*60))
}

//go:embed salon.json
var menu []byte

// Salon is the menu the messages speak of.
func Salon() understand.Vocabulary {
	var v understand.Vocabulary
	if err := json.Unmarshal(menu, &v); err != nil {
		panic(err) // the file is part of the program
	}
	return v.Learned()
}
