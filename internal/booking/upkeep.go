package booking

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"gorm.io/gorm"

	"frontdesk/internal/fault"
	"frontdesk/models"
)

// Limits of what the salon offers. The database knows those of minutes and prices, too.
const (
	MinMinutes     = 5
	MaxMinutes     = 480
	MinutesStep    = 5
	MaxPriceMinor  = 1_000_000
	MaxName        = 60 // runes
	MaxSynonym     = 60 // runes
	MaxSynonyms    = 40 // per language
	MaxPackContent = 8
)

// Upkeep is how the salon's people keep what customers are offered: services, packs, stylists and
// opening hours. What a visit may refer to is retired, never deleted, and no change touches a
// visit that is booked: its lines, price and terms stand as they were that day. Whatever is read next,
// a quote in a chat included, reads the change. Every change is audited in its own transaction.
//
// Who changes something names the version they saw; when it has another by now they are refused with
// the fault services.changed. Faults about single fields are services.invalid with one rule per field.
type Upkeep struct{ diary *Diary }

// Upkeep is that of the diary's salon.
func (d *Diary) Upkeep() *Upkeep { return &Upkeep{d} }

// wrongs collects what is wrong with the fields of an edit: field → translation key.
type wrongs map[string]string

// say notes a field's first fault.
func (w wrongs) say(field, rule string) {
	if _, known := w[field]; !known {
		w[field] = "services.wrong." + rule
	}
}

func (w wrongs) fault() error {
	if len(w) == 0 {
		return nil
	}
	return fault.Invalid("services.invalid", w)
}

// wrong is the fault of a single field.
func wrong(field, rule string) error {
	w := wrongs{}
	w.say(field, rule)
	return w.fault()
}

// texts tidies a wording that must be there in all three languages.
func (w wrongs) texts(field string, t models.Text, limit int) models.Text {
	tidy := models.Text{}
	for _, lang := range models.Languages() {
		tidy[lang] = oneLine(t[lang])
		switch {
		case tidy[lang] == "":
			w.say(field+"."+lang, "missing")
		case utf8.RuneCountInString(tidy[lang]) > limit:
			w.say(field+"."+lang, "long")
		}
	}
	return tidy
}

func (w wrongs) length(minutes int) {
	if minutes < MinMinutes || minutes > MaxMinutes || minutes%MinutesStep != 0 {
		w.say("minutes", "minutes")
	}
}

func (w wrongs) price(minor int64) {
	if minor < 0 || minor > MaxPriceMinor {
		w.say("price", "price")
	}
}

// oneLine joins what was typed into one line of what can be seen, so that no wording breaks a message.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// locked reads a row and keeps others from changing it. Fault: services.not_found.
func locked[T any](ctx context.Context, d *Diary, id models.ID) (T, error) {
	var row T
	err := d.db.On(ctx).Clauses(forUpdate()).Take(&row, "id = ?", id).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return row, fault.NotFound("services.not_found")
	}
	if err != nil {
		return row, fmt.Errorf("lock %T: %w", row, err)
	}
	return row, nil
}

// read reads a row, whether or not it is offered. Fault: services.not_found.
func read[T any](ctx context.Context, q *gorm.DB, id models.ID) (T, error) {
	var row T
	err := q.Take(&row, "id = ?", id).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return row, fault.NotFound("services.not_found")
	}
	if err != nil {
		return row, fmt.Errorf("read %T: %w", row, err)
	}
	return row, nil
}

// write saves a row that is locked, all of it but what hangs on it.
func (u *Upkeep) write(ctx context.Context, row any) error {
	if err := u.diary.db.On(ctx).Select("*").Omit("Services", "Hours").Updates(row).Error; err != nil {
		return fmt.Errorf("write %T: %w", row, err)
	}
	return nil
}

func changedMeanwhile() error { return fault.Conflict("services.changed") }

// code makes an identifier of an English name: "Root touch-up" becomes "ROOT_TOUCH_UP". It is never
// changed later, whatever the thing is called then.
func code(name, fallback string) string {
	words := strings.FieldsFunc(strings.ToUpper(name), func(r rune) bool {
		return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	made := strings.Join(words, "_")
	if made == "" {
		made = fallback
	}
	return strings.Trim(made[:min(len(made), 40)], "_")
}

// codes tried for a new thing; the index on the code decides which of them is free.
const codes = 50

// insert writes a new row under the first free code: CUT, CUT_2, CUT_3 …; set puts the code into the row.
func (u *Upkeep) insert(ctx context.Context, row any, code string, set func(code string)) error {
	for n := 1; n <= codes; n++ {
		if n == 1 {
			set(code)
		} else {
			set(fmt.Sprintf("%s_%d", code, n))
		}
		made := u.diary.db.On(ctx).Omit("Services").Clauses(onTakenCode()).Create(row)
		if made.Error != nil {
			return fmt.Errorf("insert %T: %w", row, made.Error)
		}
		if made.RowsAffected == 1 {
			return nil
		}
	}
	return fmt.Errorf("insert %T: %d codes like %s are taken", row, codes, code)
}

// listed is a row of a list that people put in order.
type listed struct {
	ID       models.ID
	Position int
	Code     string
	Kind     string // only neighbours of one kind change places
}

// move lets a row and its neighbour change places; at the end of its list it stays. The whole list is
// locked, and its positions are counted anew.
func (u *Upkeep) move(ctx context.Context, table, kind string, id models.ID, up bool) (from, to int, err error) {
	var rows []listed
	list := fmt.Sprintf("SELECT id, position, code, %s AS kind FROM %s ORDER BY id FOR NO KEY UPDATE", kind, table)
	if err := u.diary.db.On(ctx).Raw(list).Scan(&rows).Error; err != nil {
		return 0, 0, fmt.Errorf("lock the order of %s: %w", table, err)
	}
	slices.SortFunc(rows, func(a, b listed) int {
		if a.Position != b.Position {
			return a.Position - b.Position
		}
		return strings.Compare(a.Code, b.Code)
	})
	at := slices.IndexFunc(rows, func(p listed) bool { return p.ID == id })
	if at < 0 {
		return 0, 0, fault.NotFound("services.not_found")
	}
	step := 1
	if up {
		step = -1
	}
	other := at + step
	for other >= 0 && other < len(rows) && rows[other].Kind != rows[at].Kind {
		other += step
	}
	if other < 0 || other >= len(rows) {
		return at + 1, at + 1, nil
	}
	rows[at], rows[other] = rows[other], rows[at]
	for i, row := range rows {
		if row.Position == i+1 {
			continue
		}
		if err := u.diary.db.On(ctx).Table(table).Where("id = ?", row.ID).Update("position", i+1).Error; err != nil {
			return 0, 0, fmt.Errorf("write the order of %s: %w", table, err)
		}
	}
	return at + 1, other + 1, nil
}
