// Package models holds the rows of the database as plain structs, their status words and
// pure predicates on them. It imports nothing of ours and knows no rule that needs a clock,
// a query or another row.
package models

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// ID is the key of every row: a UUIDv7, so that rows sort by the moment they were made.
type ID = uuid.UUID

// NewID makes a fresh UUIDv7.
func NewID() ID { return uuid.Must(uuid.NewV7()) }

// Language is a BCP 47 tag; the product speaks exactly Languages.
type Language = string

// The three languages of the product.
const (
	English Language = "en"
	Spanish Language = "es"
	Arabic  Language = "ar"
)

// Languages returns the three languages in the order pages list them.
func Languages() []Language { return []Language{English, Spanish, Arabic} }

// Text is one wording per language, stored as a JSON object.
type Text map[Language]string

// In returns the wording for a language, English when that one is missing.
func (t Text) In(lang Language) string {
	if s := t[lang]; s != "" {
		return s
	}
	return t[English]
}

// Value stores the text as JSON.
func (t Text) Value() (driver.Value, error) { return toJSON(t) }

// Scan reads the text from JSON.
func (t *Text) Scan(src any) error { return fromJSON(src, t) }

// Strings is a list of words stored as a JSON array.
type Strings []string

// Value stores the list as JSON, an empty list for nil.
func (s Strings) Value() (driver.Value, error) {
	if s == nil {
		return "[]", nil
	}
	return toJSON(s)
}

// Scan reads the list from JSON.
func (s *Strings) Scan(src any) error { return fromJSON(src, s) }

// Has tells whether the list contains the word.
func (s Strings) Has(word string) bool {
	for _, w := range s {
		if w == word {
			return true
		}
	}
	return false
}

// Words is a list of wordings per language (synonyms), stored as a JSON object.
type Words map[Language][]string

// Value stores the words as JSON.
func (w Words) Value() (driver.Value, error) { return toJSON(w) }

// Scan reads the words from JSON.
func (w *Words) Scan(src any) error { return fromJSON(src, w) }

func toJSON(v any) (driver.Value, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("encode %T: %w", v, err)
	}
	return string(b), nil
}

func fromJSON(src, into any) error {
	switch b := src.(type) {
	case nil:
		return nil
	case []byte:
		return json.Unmarshal(b, into)
	case string:
		return json.Unmarshal([]byte(b), into)
	default:
		return fmt.Errorf("scan %T into %T", src, into)
	}
}

// Money is an amount in integer minor units of a currency.
type Money struct {
	Minor    int64
	Currency string // ISO 4217
}

// Span is a half-open stretch of time: Start belongs to it, End does not.
type Span struct{ Start, End time.Time }

// Overlaps tells whether two spans share any moment.
func (s Span) Overlaps(o Span) bool { return s.Start.Before(o.End) && o.Start.Before(s.End) }

// Covers tells whether o lies wholly inside s.
func (s Span) Covers(o Span) bool { return !o.Start.Before(s.Start) && !o.End.After(s.End) }

// Minutes is the length of the span in whole minutes.
func (s Span) Minutes() int { return int(s.End.Sub(s.Start) / time.Minute) }
