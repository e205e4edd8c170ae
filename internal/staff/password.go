package staff

import (
	"compress/gzip"
	"context"
	_ "embed"
	"fmt"
	"io"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"

	"frontdesk/internal/audit"
	"frontdesk/internal/fault"
	"frontdesk/models"
)

// Any characters, no composition rules, no rotation: length and not being guessed first is what counts.
const (
	minPassword = 8
	maxPassword = 128
	// ownPart is how many characters must be left of a password without the words everybody knows of
	// its person and the salon.
	ownPart = 8
)

// leakedList are the passwords most often found in leaks that are long enough to be typed here: one a
// line, lower case, sorted, gzip.
//
//go:embed leaked.txt.gz
var leakedList string

// newHash judges a new password and hashes it. Faults at the field "password": staff.password_short,
// staff.password_long, staff.password_leaked, staff.password_obvious.
func (r *Roster) newHash(ctx context.Context, password string, person models.Staff) (string, error) {
	key, err := r.weakness(password, person)
	if err != nil {
		return "", err
	}
	if key != "" {
		return "", fault.Invalid("error.validation", map[string]string{"password": key})
	}
	if err := r.enter(ctx); err != nil {
		return "", err
	}
	defer r.leave()
	hash, err := argon2id.CreateHash(password, &r.hash)
	if err != nil {
		return "", fmt.Errorf("hash password: %w", err)
	}
	return hash, nil
}

// weakness is what is wrong with a new password; empty when nothing is.
func (r *Roster) weakness(password string, person models.Staff) (key string, err error) {
	length, lower := utf8.RuneCountInString(password), strings.ToLower(password)
	if length < minPassword {
		return "staff.password_short", nil
	}
	if length > maxPassword || !utf8.ValidString(password) {
		return "staff.password_long", nil
	}
	list, err := r.leaked()
	if err != nil {
		return "", err
	}
	if at := sort.SearchStrings(list, lower); at < len(list) && list[at] == lower {
		return "staff.password_leaked", nil
	}
	for _, word := range r.knownWords(person) {
		lower = strings.ReplaceAll(lower, word, "")
	}
	if utf8.RuneCountInString(lower) < ownPart && lower != strings.ToLower(password) {
		return "staff.password_obvious", nil
	}
	return "", nil
}

// knownWords are those an attacker tries first: of the product, the salon and the person.
func (r *Roster) knownWords(person models.Staff) []string {
	mailbox, host, _ := strings.Cut(person.Email, "@")
	text := strings.ToLower(strings.Join([]string{"frontdesk", r.salon, person.Name, mailbox, host}, " "))
	words := strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune(" .-_+@,", c) })
	var out []string
	for _, w := range words {
		if utf8.RuneCountInString(w) >= 3 {
			out = append(out, w)
		}
	}
	sort.Slice(out, func(i, j int) bool { return len(out[i]) > len(out[j]) }) // "salma" before "sal"
	return out
}

// ChangePassword takes a person's own new password, given the current one, and signs them out
// everywhere else, scripts that came in by the old one included. Faults: staff.wrong_password at the field "current_password", those of a new password at
// "password", staff.too_many.
func (r *Roster) ChangePassword(ctx context.Context, p Principal, here Session, current, password string) error {
	limits := r.proofLimits(p.Staff.ID)
	if err := r.reserve(ctx, limits); err != nil {
		return err
	}
	match, err := r.matches(ctx, current, p.Staff.PasswordHash)
	if err != nil {
		return err
	}
	if !match {
		return fault.Invalid("error.validation", map[string]string{"current_password": "staff.wrong_password"})
	}
	if err := r.giveBack(ctx, limits); err != nil {
		return err
	}
	hash, err := r.newHash(ctx, password, p.Staff)
	if err != nil {
		return err
	}
	return r.db.InTx(ctx, func(ctx context.Context) error {
		changed := r.db.On(ctx).Model(&models.Staff{}).Where("id = ? AND password_hash = ?", p.Staff.ID, p.Staff.PasswordHash).
			Updates(map[string]any{"password_hash": hash})
		if changed.Error != nil {
			return fmt.Errorf("change password: %w", changed.Error)
		}
		if changed.RowsAffected == 0 {
			return fault.Conflict("staff.changed_meanwhile")
		}
		if err := r.endAll(ctx, p.Staff.ID, here); err != nil {
			return err
		}
		if err := r.endSignIns(ctx, p.Staff.ID); err != nil {
			return err
		}
		return r.log.Record(ctx, audit.Entry{
			Actor: p.Actor(), Action: "password.changed", SubjectKind: "staff", SubjectID: p.Staff.ID.String(),
		})
	})
}

func unpackLines(packed string) ([]string, error) {
	z, err := gzip.NewReader(strings.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("unpack list: %w", err)
	}
	raw, err := io.ReadAll(z)
	if err != nil {
		return nil, fmt.Errorf("unpack list: %w", err)
	}
	return strings.Split(string(raw), "\n"), nil
}
