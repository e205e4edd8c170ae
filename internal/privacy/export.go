package privacy

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"frontdesk/internal/fault"
	"frontdesk/models"
)

// Row is one thing that is known, by the names of what it says.
type Row map[string]any

// Export is everything that is known of a person (R-1012).
type Export struct {
	Customer Customer
	Parts    map[string][]Row // by section, each row with the rows that belong to it
	Guests   []Guest          // by name only where staff have confirmed that their data goes with this person's
	// Unproved is how many orders were placed with the person's phone by somebody who never proved that it is theirs: none of them is told.
	Unproved int
	Request  models.ID // of the privacy requests: it opens the pictures
	At       time.Time
}

// Customer is who an export is of; without an id: somebody who never became a customer.
type Customer struct {
	ID        *models.ID
	Phone     string
	Name      string
	CreatedAt *time.Time
}

// MaxExport is how much of a person is told at once, in bytes of text. Pictures are listed, not counted: each is fetched by itself.
const MaxExport = 8 << 20

// Export tells everything that is known of a person, and writes down that it was told (R-1012, R-1016). One export is made at a time, of at most
// MaxExport. Faults: customers.phone at "phone", error.validation, privacy.not_found, privacy.too_large.
func (o *Office) Export(ctx context.Context, s Subject, actor string) (Export, error) {
	var out Export
	err := o.alone(ctx, func(ctx context.Context) error {
		p, w, _, err := o.find(ctx, s)
		if err != nil {
			return err
		}
		if out, err = o.export(ctx, p, w, s.Confirm); err != nil {
			return err
		}
		row, err := o.note(ctx, asked{kind: models.RequestExport, state: models.RequestSucceeded, action: actExported, confirmed: s.Confirm, actor: actor}, p, words{})
		out.Request = row.ID
		return err
	})
	return out, err
}

// alone makes one export at a time in this process, in a transaction: that bounds what exports take of its memory. Whoever waits
// longer than they want to has waited for nothing.
func (o *Office) alone(ctx context.Context, tell func(ctx context.Context) error) error {
	select {
	case o.telling <- struct{}{}:
		defer func() { <-o.telling }()
		return o.db.InTx(ctx, tell)
	case <-ctx.Done():
		return fmt.Errorf("wait for an export's turn: %w", ctx.Err())
	}
}

// export reads the map's rows and puts them under each other.
func (o *Office) export(ctx context.Context, p Traces, w words, confirmed bool) (Export, error) {
	out := Export{Parts: map[string][]Row{}, At: o.clock.Now()}
	var err error
	if out.Unproved, err = o.unproved(ctx, p); err != nil {
		return out, err
	}
	if out.Guests, err = o.guestsOf(ctx, p); err != nil {
		return out, err
	}
	if !confirmed {
		for i, g := range out.Guests {
			out.Guests[i] = Guest{ID: g.ID, Relation: g.Relation}
		}
	}
	if len(w.Phones) > 0 {
		out.Customer.Phone = w.Phones[0]
	}
	args, rows, left := o.about(p, w, models.NewID()), map[string]map[string]Row{}, MaxExport
	for _, h := range inOrder(holdings()) {
		if h.secret != "" {
			continue
		}
		found, err := o.rowsOf(ctx, h, args, &left)
		if err != nil {
			return out, err
		}
		rows[h.table] = map[string]Row{}
		if len(h.under) == 0 {
			out.Parts[h.as] = []Row{}
		}
		for _, raw := range found {
			p.discreet(h, raw)
			row := named(raw)
			if id, is := raw["id"].(string); is {
				rows[h.table][id] = row
			}
			if !h.put(row, raw, rows) {
				out.Parts[h.as] = append(out.Parts[h.as], row)
			}
		}
	}
	return out, o.head(ctx, &out, p)
}

// unproved counts the orders that somebody placed with the person's phone who has not proved that it is theirs. None of them is told: whoever
// types a phone would be told what another one buys, and where they live.
func (o *Office) unproved(ctx context.Context, p Traces) (orders int, err error) {
	err = o.db.On(ctx).Raw("SELECT count(*) FROM orders WHERE address_id IN @typed", o.about(p, words{}, models.NewID())).Scan(&orders).Error
	if err != nil {
		return 0, fmt.Errorf("count unproved orders: %w", err)
	}
	return orders, nil
}

// discreet takes out of a row whom a visit is for that the person booked for somebody else, as long as those are not told together.
func (p Traces) discreet(h holding, raw map[string]any) {
	id, _ := raw["customer_id"].(string)
	if h.table == "appointments" && !slices.ContainsFunc(p.Customers, func(c models.ID) bool { return c.String() == id }) {
		delete(raw, "for_name")
	}
}

// inOrder puts tables behind those they stand under.
func inOrder(all []holding) []holding {
	depths := map[string]int{}
	var depth func(table string) int
	depth = func(table string) int {
		if _, known := depths[table]; !known {
			depths[table] = 0
			for _, h := range all {
				if h.table != table {
					continue
				}
				for _, u := range h.under {
					depths[table] = max(depths[table], depth(u.table)+1)
				}
			}
		}
		return depths[table]
	}
	out := slices.Clone(all)
	slices.SortStableFunc(out, func(a, b holding) int { return depth(a.table) - depth(b.table) })
	return out
}

// put adds a row to what it belongs to; false: it stands by itself.
func (h holding) put(row Row, raw map[string]any, rows map[string]map[string]Row) bool {
	for _, u := range h.under {
		id, _ := raw[u.link].(string)
		above, there := rows[u.table][id]
		if !there {
			continue
		}
		list, _ := above[h.as].([]Row)
		above[h.as] = append(list, row)
		return true
	}
	return false
}

// rowsOf reads a table's rows about a person, oldest first where ids tell, and takes what they need from what is left. Of a picture it
// tells size and digest. Fault: privacy.too_large.
func (o *Office) rowsOf(ctx context.Context, h holding, args map[string]any, left *int) (out []map[string]any, err error) {
	columns := "to_jsonb(t)"
	for _, c := range strings.Fields(h.hide) {
		columns += " - '" + c + "'"
	}
	if h.table == "return_pictures" {
		columns = "to_jsonb(t) - 'data' || jsonb_build_object('bytes', octet_length(t.data), 'sha256', encode(sha256(t.data), 'hex'))"
	}
	rows, err := o.db.On(ctx).Raw("SELECT ("+columns+")::text FROM (SELECT * FROM "+h.table+" WHERE "+h.whose+") t ORDER BY 1", args).Rows()
	if err != nil {
		return nil, fmt.Errorf("read %s of a person: %w", h.table, err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var text []byte
		if err := rows.Scan(&text); err != nil {
			return nil, fmt.Errorf("read %s of a person: %w", h.table, err)
		}
		if *left -= len(text); *left < 0 {
			return nil, &fault.Fault{Kind: fault.KindTooLarge, Key: "privacy.too_large", Facts: map[string]any{"Max": MaxExport >> 20}}
		}
		var raw map[string]any
		dec := json.NewDecoder(bytes.NewReader(text))
		dec.UseNumber()
		if err := dec.Decode(&raw); err != nil {
			return nil, fmt.Errorf("read %s of a person: %w", h.table, err)
		}
		out = append(out, raw)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read %s of a person: %w", h.table, err)
	}
	return out, nil
}

// named gives a row the names that programs know: created_at is createdAt.
func named(raw map[string]any) Row {
	row := Row{}
	for column, value := range raw {
		upper, name := false, strings.Builder{}
		for _, r := range column {
			if r == '_' {
				upper = true
				continue
			}
			if upper {
				r, upper = unicode.ToUpper(r), false
			}
			name.WriteRune(r)
		}
		row[name.String()] = value
	}
	return row
}

// head fills in who the export is of.
func (o *Office) head(ctx context.Context, out *Export, p Traces) error {
	id := p.customer()
	if id == nil {
		return nil
	}
	c, err := o.people.Customer(ctx, *id)
	if err != nil {
		return err
	}
	out.Customer.ID, out.Customer.Name, out.Customer.CreatedAt = id, c.FullName(), &c.CreatedAt
	if c.Phone != nil {
		out.Customer.Phone = *c.Phone
	}
	return nil
}
