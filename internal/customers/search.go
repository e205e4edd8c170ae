package customers

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"frontdesk/models"
)

// Found is how many people a search names at most. More would be a list to read, not an answer.
const Found = 10

// Search finds people by the beginning of each word of their name, in any order, or by a phone: whole in
// any formatting, or its last four digits or more. Who came last stands first.
func (r *Registry) Search(ctx context.Context, words string) ([]models.Customer, error) {
	q := r.db.On(ctx)
	digits := digitsOf(words)
	switch {
	case strings.TrimSpace(words) == "":
		return nil, nil
	case digits == "":
		for word := range strings.FieldsSeq(words) {
			begins := asWritten.Replace(word) + "%"
			q = q.Where("name ILIKE ? OR name ILIKE ? OR surname ILIKE ? OR surname ILIKE ?", begins, "% "+begins, begins, "% "+begins)
		}
	case len(digits) < 4:
		return nil, nil
	default:
		whole, err := Normalize(words)
		if err != nil {
			whole = ""
		}
		q = q.Where("phone = ? OR phone LIKE ?", whole, "%"+digits)
	}
	var rows []models.Customer
	err := q.Order("last_visit_at DESC NULLS LAST, id DESC").Limit(Found).Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("search customers: %w", err)
	}
	return rows, nil
}

// asWritten takes the meaning from what LIKE would read as a pattern.
var asWritten = strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`)

// digitsOf are the digits of something typed as a phone number; empty when it is none.
func digitsOf(words string) string {
	if strings.Trim(words, "+0123456789 -()./٠١٢٣٤٥٦٧٨٩") != "" {
		return ""
	}
	var out []rune
	for _, c := range words {
		switch {
		case c >= '٠' && c <= '٩':
			out = append(out, c-'٠'+'0')
		case slices.Contains([]rune("0123456789"), c):
			out = append(out, c)
		}
	}
	return string(out)
}
