package privacy

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode"

	"frontdesk/internal/audit"
	"frontdesk/internal/fault"
	"frontdesk/models"
)

// Row is one thing that is known, by the names of what it says.
type Row map[string]any

// Export is everything that is known of a person (R-1012).
type Export struct {
	Customer Customer
	Parts    map[string][]Row // by section, each row with the rows that belong to it
	Guests   []Guest
	At       time.Time
}

// Customer is who an export is of; without an id: somebody who never became a customer.
type Customer struct {
	ID        *models.ID
	Phone     string
	Name      string
	CreatedAt *time.Time
}

// Export tells everything that is known of a person, and writes down that it was told (R-1012, R-1016). Faults: customers.phone
// at "phone", error.validation, privacy.not_found.
func (o *Office) Export(ctx context.Context, s Subject, actor string) (Export, error) {
	var out Export
	err := o.db.InTx(ctx, func(ctx context.Context) error {
		p, w, guests, err := o.find(ctx, s)
		if err != nil {
			return err
		}
		if out, err = o.export(ctx, p, w, guests); err != nil {
			return err
		}
		_, err = o.note(ctx, asked{models.RequestExport, models.RequestSucceeded, actExported, s.Confirm, "", actor}, p, words{})
		return err
	})
	return out, err
}

// export reads the map's rows and puts them under each other.
func (o *Office) export(ctx context.Context, p Traces, w words, guests []Guest) (Export, error) {
	out := Export{Parts: map[string][]Row{}, Guests: guests, At: o.clock.Now()}
	if len(w.Phones) > 0 {
		out.Customer.Phone = w.Phones[0]
	}
	args, rows := o.about(p, w, models.NewID()), map[string]map[string]Row{}
	for _, h := range inOrder(holdings()) {
		if h.secret != "" {
			continue
		}
		found, err := o.rowsOf(ctx, h, args)
		if err != nil {
			return out, err
		}
		rows[h.table] = map[string]Row{}
		if len(h.under) == 0 {
			out.Parts[h.as] = []Row{}
		}
		for _, raw := range found {
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

// inOrder puts tables behind those they stand under.
func inOrder(all []holding) []holding {
	var above, below, last []holding
	for _, h := range all {
		switch {
		case len(h.under) == 0:
			above = append(above, h)
		case h.table == "refunds" || h.table == "return_pictures": // under what stands under another
			last = append(last, h)
		default:
			below = append(below, h)
		}
	}
	return append(append(above, below...), last...)
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

// rowsOf reads a table's rows about a person, oldest first where ids tell.
func (o *Office) rowsOf(ctx context.Context, h holding, args map[string]any) ([]map[string]any, error) {
	columns := "to_jsonb(t)"
	for _, c := range strings.Fields(h.hide) {
		columns += " - '" + c + "'"
	}
	if h.table == "return_pictures" {
		columns = "to_jsonb(t) - 'data' || jsonb_build_object('data', translate(encode(t.data, 'base64'), E'\\n', ''))"
	}
	var texts []string
	err := o.db.On(ctx).Raw("SELECT ("+columns+")::text FROM (SELECT * FROM "+h.table+" WHERE "+h.whose+") t ORDER BY 1", args).Scan(&texts).Error
	if err != nil {
		return nil, fmt.Errorf("read %s of a person: %w", h.table, err)
	}
	rows := make([]map[string]any, len(texts))
	for i, text := range texts {
		dec := json.NewDecoder(bytes.NewReader([]byte(text)))
		dec.UseNumber()
		if err := dec.Decode(&rows[i]); err != nil {
			return nil, fmt.Errorf("read %s of a person: %w", h.table, err)
		}
	}
	return rows, nil
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

// LinkLife is how long a link to an export is good for (R-1013).
const LinkLife = 15 * time.Minute

// AskLink writes down that somebody was promised a link to an export, and gives the request that the link names. Faults as of Export.
func (o *Office) AskLink(ctx context.Context, s Subject, actor string) (request models.PrivacyRequest, err error) {
	err = o.db.InTx(ctx, func(ctx context.Context) error {
		p, _, _, err := o.find(ctx, s)
		if err != nil {
			return err
		}
		request, err = o.note(ctx, asked{models.RequestLink, models.RequestAccepted, actLinkMade, s.Confirm, "", actor}, p, words{})
		return err
	})
	return request, err
}

// Open is the export that a link names, as it is now; whoever was erased meanwhile has none. Faults: privacy.link_unknown,
// privacy.link_over.
func (o *Office) Open(ctx context.Context, request models.ID) (Export, error) {
	var out Export
	err := o.db.InTx(ctx, func(ctx context.Context) error {
		row, err := o.request(ctx, request)
		if err != nil || row.Kind != models.RequestLink {
			return fault.NotFound("privacy.link_unknown")
		}
		var p Traces
		if err := decode(row.Subject, &p); err != nil {
			return err
		}
		var erased bool
		err = o.db.On(ctx).Raw(`SELECT EXISTS (SELECT FROM customers WHERE id IN @customers AND deleted_at IS NOT NULL)
			OR EXISTS (SELECT FROM contacts WHERE id IN @contacts AND address LIKE 'erased:%')`, o.about(p, words{}, row.ID)).Scan(&erased).Error
		if err != nil {
			return fmt.Errorf("look whether the person is known: %w", err)
		}
		if erased || o.clock.Machine().Sub(row.CreatedAt) >= LinkLife {
			return fault.Gone("privacy.link_over")
		}
		w, err := o.wordsOf(ctx, p, "")
		if err != nil {
			return err
		}
		if err := o.db.On(ctx).Raw("SELECT address FROM contacts WHERE id IN @contacts", o.about(p, w, row.ID)).Scan(&w.Senders).Error; err != nil {
			return fmt.Errorf("read addresses of contacts: %w", err)
		}
		w.Phones = append(w.Phones, w.Senders...)
		guests, err := o.guestsOf(ctx, p)
		if err != nil {
			return err
		}
		if out, err = o.export(ctx, p, w, guests); err != nil {
			return err
		}
		return o.log.Record(ctx, audit.Entry{Actor: row.Actor, Action: actLinkOpened, SubjectKind: "privacy_request", SubjectID: row.ID.String()})
	})
	return out, err
}
