package privacy

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/nyaruka/phonenumbers"

	"frontdesk/internal/customers"
	"frontdesk/internal/fault"
	"frontdesk/models"
)

// Subject is whose data is asked for: by the phone or by the customer's id, one of them. Confirm says that staff have looked: data
// of people without a phone whom they brought goes with theirs, and what is still owed to them stands in nobody's way.
type Subject struct {
	Phone    string
	Customer models.ID
	Confirm  bool
}

// Traces are everything that is known to be one person's, by ids.
type Traces struct {
	Customers []models.ID `json:"customers"` // the person first, then those they brought
	Contacts  []models.ID `json:"contacts"`
	Addresses []models.ID `json:"addresses"`
	Sessions  []models.ID `json:"sessions"`
}

// words is what tells a person: searched for until nothing of it is left.
type words struct {
	Phones  []string `json:"phones,omitempty"`  // E.164
	Senders []string `json:"senders,omitempty"` // as channels name them
	Names   []string `json:"names,omitempty"`   // first name and surname, where nobody else is called so
	// Parts are names as they stand alone.
	Parts []string `json:"parts,omitempty"`
}

// Guest is somebody without a phone of their own whom a person brought.
type Guest struct {
	ID       models.ID `json:"id"`
	Name     string    `json:"name,omitempty"`
	Surname  string    `json:"surname,omitempty"`
	Relation string    `json:"relation"`
}

// customer is the one the person is, if they are one.
func (p Traces) customer() *models.ID {
	if len(p.Customers) == 0 {
		return nil
	}
	return &p.Customers[0]
}

// about are the facts that the map's conditions name. before is the request: what came with a later id is somebody else's, who
// has the phone now.
func (o *Office) about(p Traces, w words, before models.ID) map[string]any {
	return map[string]any{
		"customers": p.Customers, "contacts": p.Contacts, "addresses": p.Addresses, "sessions": p.Sessions, "phones": w.Phones, "senders": w.Senders,
		"request": before, "now": o.clock.Now(), "machine": o.clock.Machine(),
	}
}

// find gathers a person. Faults: customers.phone at "phone"; privacy.nobody_named; privacy.not_found.
func (o *Office) find(ctx context.Context, s Subject) (p Traces, w words, guests []Guest, err error) {
	phone := ""
	if s.Phone != "" {
		if phone, err = customers.Normalize(s.Phone); err != nil {
			return p, w, nil, err
		}
	}
	if phone == "" && s.Customer == (models.ID{}) {
		return p, w, nil, fault.Invalid("error.validation", map[string]string{"phone": "required"})
	}
	if p.Customers, err = o.customersOf(ctx, phone, s.Customer); err != nil {
		return p, w, nil, err
	}
	if guests, err = o.guestsOf(ctx, p); err != nil {
		return p, w, nil, err
	}
	if s.Confirm {
		for _, g := range guests {
			p.Customers = append(p.Customers, g.ID)
		}
	}
	if w, err = o.wordsOf(ctx, p, phone); err != nil {
		return p, w, nil, err
	}
	if err := o.rest(ctx, &p, &w); err != nil {
		return p, w, nil, err
	}
	known, err := o.known(ctx, p, w)
	if err == nil && !known {
		err = fault.NotFound("privacy.not_found")
	}
	return p, w, guests, err
}

// customersOf are the customers with an id, or of a phone: theirs, or that of the contact they write from.
func (o *Office) customersOf(ctx context.Context, phone string, id models.ID) ([]models.ID, error) {
	found := []models.ID{}
	sql, args := "SELECT id FROM customers WHERE id = @id", map[string]any{"id": id, "phone": phone}
	if phone != "" {
		sql = "SELECT id FROM customers WHERE phone = @phone UNION SELECT customer_id FROM contacts WHERE address = @phone AND customer_id IS NOT NULL AND stylist_id IS NULL"
		if id != (models.ID{}) {
			sql = "SELECT id FROM (" + sql + ") c WHERE id = @id"
		}
	}
	if err := o.db.On(ctx).Raw(sql, args).Scan(&found).Error; err != nil {
		return nil, fmt.Errorf("find customer: %w", err)
	}
	return found, nil
}

// guestsOf are those without a phone or an address of their own whom a person brought (R-1020).
func (o *Office) guestsOf(ctx context.Context, p Traces) ([]Guest, error) {
	guests := []Guest{}
	err := o.db.On(ctx).Raw(`SELECT id, name, surname, relation FROM customers c WHERE referred_by_id IN @customers AND phone IS NULL AND deleted_at IS NULL
		AND NOT EXISTS (SELECT FROM contacts WHERE customer_id = c.id) ORDER BY created_at, id`, map[string]any{"customers": p.Customers}).Scan(&guests).Error
	if err != nil {
		return nil, fmt.Errorf("find who was brought: %w", err)
	}
	return guests, nil
}

// wordsOf are the phones and names of customers, and the phone that was asked for.
func (o *Office) wordsOf(ctx context.Context, p Traces, phone string) (words, error) {
	w := words{}
	if phone != "" {
		w.Phones = append(w.Phones, phone)
	}
	var rows []struct {
		models.Customer
		Shared bool
	}
	err := o.db.On(ctx).Raw(`SELECT c.*, EXISTS (SELECT FROM customers o WHERE o.id NOT IN @customers AND folded(o.name || ' ' || o.surname) = folded(c.name || ' ' || c.surname)) AS shared
		FROM customers c WHERE c.id IN @customers`, map[string]any{"customers": p.Customers}).Scan(&rows).Error
	if err != nil {
		return w, fmt.Errorf("read names: %w", err)
	}
	for _, c := range rows {
		if c.Phone != nil && !slices.Contains(w.Phones, *c.Phone) {
			w.Phones = append(w.Phones, *c.Phone)
		}
		if c.Name != "" && c.Surname != "" && !c.Shared {
			w.Names = append(w.Names, c.FullName())
		}
		w.Parts = append(w.Parts, c.Name, c.Surname)
	}
	return w, nil
}

// rest finds addresses on channels, sessions and addresses of orders. The salon's own people are left out: what they write from
// their phones is the salon's.
func (o *Office) rest(ctx context.Context, p *Traces, w *words) error {
	var contacts []models.Contact
	args := o.about(*p, *w, models.NewID())
	err := o.db.On(ctx).Raw("SELECT * FROM contacts WHERE stylist_id IS NULL AND (customer_id IN @customers OR address IN @phones)", args).Scan(&contacts).Error
	if err != nil {
		return fmt.Errorf("find contacts: %w", err)
	}
	w.Senders = slices.Clone(w.Phones)
	for _, c := range contacts {
		p.Contacts = append(p.Contacts, c.ID)
		w.Parts = append(w.Parts, c.ProfileName)
		if phone, is := c.Phone(); is && !slices.Contains(w.Phones, phone) {
			w.Phones = append(w.Phones, phone)
		}
		if !slices.Contains(w.Senders, c.Address) && !strings.HasPrefix(c.Address, models.AddressErased) {
			w.Senders = append(w.Senders, c.Address)
		}
	}
	w.Parts = slices.DeleteFunc(w.Parts, func(name string) bool { return strings.TrimSpace(name) == "" })
	args = o.about(*p, *w, models.NewID())
	if err := o.db.On(ctx).Raw("SELECT id FROM shop_sessions WHERE customer_id IN @customers", args).Scan(&p.Sessions).Error; err != nil {
		return fmt.Errorf("find sessions: %w", err)
	}
	err = o.db.On(ctx).Raw(`SELECT id FROM addresses WHERE customer_id IN @customers OR customer_id IS NULL AND phone IN @phones
		UNION SELECT address_id FROM orders WHERE customer_id IN @customers AND address_id IS NOT NULL`, args).Scan(&p.Addresses).Error
	if err != nil {
		return fmt.Errorf("find addresses: %w", err)
	}
	return nil
}

// known tells whether there is anything about a person.
func (o *Office) known(ctx context.Context, p Traces, w words) (bool, error) {
	if len(p.Customers)+len(p.Contacts)+len(p.Addresses) > 0 {
		return true, nil
	}
	var some bool
	err := o.db.On(ctx).Raw("SELECT EXISTS (SELECT FROM consents WHERE phone IN @phones)", o.about(p, w, models.NewID())).Scan(&some).Error
	if err != nil {
		return false, fmt.Errorf("look for consents: %w", err)
	}
	return some, nil
}

// shortNumber is how few digits a number within its country needs before it is looked for without the country.
const shortNumber = 9

// asPattern finds a phone as people and programs write it: with its country or without, spaced, in Western or Arabic digits.
func asPattern(phone string) string {
	digits := func(text string) string {
		var out []string
		for _, d := range text {
			n := d - '0'
			out = append(out, "["+string(d)+string('٠'+n)+string('۰'+n)+"]")
		}
		return strings.Join(out, `[ .()/-]*`)
	}
	whole := digits(strings.TrimPrefix(phone, "+"))
	if number, err := phonenumbers.Parse(phone, ""); err == nil {
		within := strconv.FormatUint(number.GetNationalNumber(), 10)
		if len(within) >= shortNumber {
			whole += "|[0٠۰]?" + digits(within)
		}
	}
	return `(?<![0-9٠-٩۰-۹])(?:\+|00)?(?:` + whole + `)(?![0-9٠-٩۰-۹])`
}

// patterns are what is searched for as regular expressions.
func (w words) patterns() (phones, names string) {
	var p, n []string
	for _, phone := range w.Phones {
		p = append(p, asPattern(phone))
	}
	for _, s := range w.Senders {
		if !slices.Contains(w.Phones, s) {
			p = append(p, regexp.QuoteMeta(strings.TrimPrefix(s, models.AddressBSUID)))
		}
	}
	for _, name := range w.Names {
		n = append(n, strings.ReplaceAll(regexp.QuoteMeta(name), " ", `\s+`))
	}
	return strings.Join(p, "|"), strings.Join(n, "|")
}

func decode(raw json.RawMessage, into any) error {
	if err := json.Unmarshal(raw, into); err != nil {
		return errors.Join(errors.New("read privacy request"), err)
	}
	return nil
}
