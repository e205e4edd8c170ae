package scenarios

import (
	"context"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"frontdesk/e2e/harness"
)

// Card data never touches the system: customers pay on the provider's page, and after three stories with
// money in them no table and no log has anything that looks like a card's number, nor a place to keep one.
func TestNoCardNumbers(t *testing.T) {
	t.Parallel()
	app := harness.Start(t, harness.Options{})
	for _, written := range []string{"4242424242424242", `"card":"4242 4242 4242 4242"`, "paid with 3782-822463-10005.", "pan=5555-5555-5555-4444&cvc=1"} {
		if len(cardNumbers(written)) != 1 {
			t.Errorf("%q is not seen to be a card's number", written)
		}
	}
	for _, written := range []string{"+447700900118", "018f0000-0000-7000-8000-000000000001", "0.4242424242424242", "cs_test_a4242424242424242", "4242424242424243"} {
		if len(cardNumbers(written)) != 0 {
			t.Errorf("%q is taken for a card's number", written)
		}
	}
	stories := map[string]func(t *testing.T){
		"S01": func(t *testing.T) { playS01(t, app.For(t), "en", s01Scripted["en"]) },
		"S05": func(t *testing.T) { playS05(t, app.For(t), "es", s05Scripted["es"]) },
		"S18": func(t *testing.T) { playS18(t, app.For(t), "ar", s18Scripted["ar"]) },
	}
	for name, play := range stories {
		t.Run(name, func(t *testing.T) {
			play(t)
			for table, rows := range everyRow(app.For(t)) {
				for _, row := range rows {
					if found := cardNumbers(row); len(found) > 0 {
						t.Errorf("table %s holds what looks like a card's number, of %d digits", table, len(found[0]))
					}
				}
			}
		})
	}
	printed, err := os.ReadFile(app.LogFile("serve"))
	if err != nil || len(printed) == 0 {
		t.Fatalf("the log: %d bytes, %v", len(printed), err)
	}
	if found := cardNumbers(string(printed)); len(found) > 0 {
		t.Errorf("the log holds %d numbers that look like cards'", len(found))
	}
	const places = `SELECT count(*) FROM information_schema.columns WHERE table_schema = 'public'
		AND column_name ~* '(^|_)(card|pan|cvc|cvv|iban|exp_month|exp_year|last4)(_|$)'`
	if n := app.Number(places); n != 0 {
		t.Errorf("%d columns are named for card data", n)
	}
}

// everyRow reads every row of every table, as text.
func everyRow(app *harness.App) map[string][]string {
	all := map[string][]string{}
	app.Query(func(ctx context.Context, conn *pgx.Conn) error {
		found, err := conn.Query(ctx, "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'")
		if err != nil {
			return err
		}
		tables, err := pgx.CollectRows(found, pgx.RowTo[string])
		if err != nil {
			return err
		}
		for _, table := range tables {
			found, err := conn.Query(ctx, "SELECT r::text FROM "+pgx.Identifier{table}.Sanitize()+" r")
			if err != nil {
				return err
			}
			if all[table], err = pgx.CollectRows(found, pgx.RowTo[string]); err != nil {
				return err
			}
		}
		return nil
	})
	return all
}

// cardLike is a run of 13 to 19 digits, in groups or not, that stands alone and begins as cards do.
var cardLike = regexp.MustCompile(`(?:^|[^\w.-])([2-6](?:[ -]?\d){12,18})(?:[^\w-]|$)`)

// cardNumbers are the digits of what looks like a card's number in a text: its check digit is right.
func cardNumbers(text string) (found []string) {
	for _, m := range cardLike.FindAllStringSubmatch(text, -1) {
		digits := strings.NewReplacer(" ", "", "-", "").Replace(m[1])
		if checks(digits) {
			found = append(found, digits)
		}
	}
	return found
}

// checks tells whether the last digit fits the others, as Luhn has it.
func checks(digits string) bool {
	sum := 0
	for i := range len(digits) {
		n := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			n *= 2
		}
		sum += n/10 + n%10
	}
	return sum%10 == 0
}
