package customers

import (
	"context"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"frontdesk/internal/i18n"
	"frontdesk/models"
)

// What a search takes at least and at most.
const (
	minDigits = 3 // of a phone; fewer belong to everybody
	minName   = 2 // letters
	maxFind   = 60
	findLimit = 20
)

// Find lists the customers somebody may mean: by id, by a part of the phone in any writing (Arabic digits,
// spaces, only the last ones), or by name, also with a letter wrong or accents missing. The best match
// comes first. A text that says too little finds nobody.
func (r *Registry) Find(ctx context.Context, text string, limit int) ([]models.Customer, error) {
	text = strings.TrimSpace(text)
	if !utf8.ValidString(text) || utf8.RuneCountInString(text) > maxFind || strings.ContainsRune(text, 0) {
		return nil, nil
	}
	q := r.db.On(ctx).Limit(min(max(1, limit), findLimit))
	var id models.ID
	digits, phone := PhoneDigits(text)
	switch {
	case id.UnmarshalText([]byte(text)) == nil:
		q = q.Where("id = ?", id)
	case phone && len(digits) >= minDigits:
		q = byDigits(q, digits)
	case !phone && utf8.RuneCountInString(text) >= minName:
		q = byName(q, text)
	default:
		return nil, nil
	}
	var found []models.Customer
	if err := q.Find(&found).Error; err != nil {
		return nil, fmt.Errorf("find customers: %w", err)
	}
	return found, nil
}

// byDigits matches a part of the phone; who ends with the digits comes first.
func byDigits(q *gorm.DB, digits string) *gorm.DB {
	return q.Where("phone LIKE ?", "%"+digits+"%").
		Order(by("phone LIKE ? DESC, last_visit_at DESC NULLS LAST, id", "%"+digits))
}

// byName matches every word at the start of a name, or the whole with a letter wrong.
func byName(q *gorm.DB, text string) *gorm.DB {
	const full = "folded(name || ' ' || surname)"
	words := q.Session(&gorm.Session{NewDB: true})
	for _, word := range strings.Fields(text) {
		pattern := escaped(word) + "%"
		words = words.Where("("+full+" LIKE folded(?) OR "+full+" LIKE folded(?))", pattern, "% "+pattern)
	}
	return q.Where(words.Or("folded(?) <% "+full, text)).
		Order(by("word_similarity(folded(?), "+full+") DESC, last_visit_at DESC NULLS LAST, id", text))
}

func by(order string, args ...any) clause.OrderBy {
	return clause.OrderBy{Expression: gorm.Expr(order, args...)}
}

// escaped keeps what somebody typed from being a pattern.
func escaped(s string) string {
	return strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(s)
}

// PhoneDigits are the Western digits of a text that is written like a phone or a part of one, without the
// zeros that stand for a country; ok is false when it is anything else.
func PhoneDigits(text string) (digits string, ok bool) {
	var out strings.Builder
	for _, r := range text {
		switch r = i18n.WesternDigit(r); {
		case r >= '0' && r <= '9':
			out.WriteRune(r)
		case strings.ContainsRune("+-./()", r) || unicode.IsSpace(r) || unicode.Is(unicode.Cf, r):
		default:
			return "", false
		}
	}
	digits = strings.TrimPrefix(out.String(), "00")
	return strings.TrimPrefix(digits, "0"), digits != "" // a trunk zero is not part of the number we keep
}
