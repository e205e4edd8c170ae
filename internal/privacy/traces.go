package privacy

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

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
	// Typed are addresses with the person's phone that somebody typed who never proved that it is theirs. They and their orders are
	// nobody's: no export tells of them, and an erasure takes the phone out of them alone.
	Typed []models.ID `json:"typed"`
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

// same tells whether the same things are known of a person.
func (p Traces) same(q Traces) bool {
	return slices.Equal(p.Customers, q.Customers) && slices.Equal(p.Contacts, q.Contacts) && slices.Equal(p.Addresses, q.Addresses) &&
		slices.Equal(p.Sessions, q.Sessions) && slices.Equal(p.Typed, q.Typed)
}

// and is what either knows of a person.
func (p Traces) and(q Traces) Traces {
	return Traces{both(p.Customers, q.Customers), both(p.Contacts, q.Contacts), both(p.Addresses, q.Addresses), both(p.Sessions, q.Sessions), both(p.Typed, q.Typed)}
}

// and is what is searched for by either.
func (w words) and(v words) words {
	return words{both(w.Phones, v.Phones), both(w.Senders, v.Senders), both(w.Names, v.Names), both(w.Parts, v.Parts)}
}

// both are all values of the first, and those of the second that are new.
func both[T comparable](a, b []T) []T {
	out := slices.Clone(a)
	for _, v := range b {
		if !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
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
		"typed": p.Typed, "told": refs(w.spoken()), "request": before, "now": o.clock.Now(), "machine": o.clock.Machine(),
		"returnable": o.clock.Now().AddDate(0, 0, -o.returnDays-2), // the last day is a whole one, wherever the salon is
	}
}

// refs are names by which providers speak of somebody, as the map's conditions take them.
func refs(names []string) string {
	raw, err := json.Marshal(names)
	if err != nil || len(names) == 0 {
		return "[]" // texts are always written
	}
	return string(raw)
}

// find gathers a person. Faults: customers.phone at "phone"; error.validation; privacy.two_people at "customerId" for a phone that is not
// the customer's, and for one of two customers without an id; privacy.not_found.
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
	known, err := o.anything(ctx, p, w)
	if err == nil && !known {
		err = fault.NotFound("privacy.not_found")
	}
	return p, w, guests, err
}

// customersOf is the customer with an id, or of a phone: theirs, or that of the contact they write from. Where a phone is one customer's
// and another writes from it, the id says who is meant.
func (o *Office) customersOf(ctx context.Context, phone string, id models.ID) ([]models.ID, error) {
	found := []models.ID{}
	sql, args := "SELECT id FROM customers WHERE id = @id", map[string]any{"id": id, "phone": phone}
	if phone != "" {
		sql = "SELECT id FROM customers WHERE phone = @phone UNION SELECT customer_id FROM contacts WHERE " + onChannels + " AND address = @phone AND customer_id IS NOT NULL AND stylist_id IS NULL ORDER BY 1"
	}
	if err := o.db.On(ctx).Raw(sql, args).Scan(&found).Error; err != nil {
		return nil, fmt.Errorf("find customer: %w", err)
	}
	switch {
	case phone == "":
		return found, nil
	case id == (models.ID{}) && len(found) > 1, id != (models.ID{}) && !slices.Contains(found, id):
		return nil, fault.Invalid("privacy.two_people", map[string]string{"customerId": "privacy.two_people"})
	case id != (models.ID{}):
		return []models.ID{id}, nil
	}
	return found, nil
}

// onChannels are contacts with a phone.
const onChannels = "channel IN ('whatsapp', 'chatwoot')"

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
	err := o.db.On(ctx).Raw(`SELECT c.*, EXISTS (SELECT FROM customers o WHERE o.id NOT IN @customers AND folded(o.name || ' ' || o.surname) = folded(c.name || ' ' || c.surname))
			OR EXISTS (SELECT FROM stylists s, jsonb_each_text(s.names) n WHERE folded(n.value) = folded(c.name || ' ' || c.surname))
			OR EXISTS (SELECT FROM staff s WHERE folded(s.name) = folded(c.name || ' ' || c.surname)) AS shared
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
	err := o.db.On(ctx).Raw("SELECT * FROM contacts WHERE stylist_id IS NULL AND (customer_id IN @customers OR "+onChannels+
		" AND address IN @phones AND (customer_id IS NULL OR customer_id IN @customers)) ORDER BY id", args).Scan(&contacts).Error
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
	if err := o.db.On(ctx).Raw("SELECT id FROM shop_sessions WHERE customer_id IN @customers ORDER BY id", args).Scan(&p.Sessions).Error; err != nil {
		return fmt.Errorf("find sessions: %w", err)
	}
	var found []struct {
		ID  models.ID
		Own bool
	}
	err = o.db.On(ctx).Raw(`SELECT id, bool_or(own) AS own FROM (SELECT id, true AS own FROM addresses WHERE customer_id IN @customers
		UNION ALL SELECT address_id, true FROM orders WHERE customer_id IN @customers AND address_id IS NOT NULL
		UNION ALL SELECT id, false FROM addresses WHERE phone IN @phones AND phone <> '') a GROUP BY id ORDER BY id`, args).Scan(&found).Error
	if err != nil {
		return fmt.Errorf("find addresses: %w", err)
	}
	for _, a := range found {
		if a.Own {
			p.Addresses = append(p.Addresses, a.ID)
		} else {
			p.Typed = append(p.Typed, a.ID)
		}
	}
	return nil
}

// anything tells whether there is anything about a person.
func (o *Office) anything(ctx context.Context, p Traces, w words) (bool, error) {
	if len(p.Customers)+len(p.Contacts)+len(p.Addresses)+len(p.Typed) > 0 {
		return true, nil
	}
	var some bool
	err := o.db.On(ctx).Raw("SELECT EXISTS (SELECT FROM consents WHERE phone IN @phones)", o.about(p, w, models.NewID())).Scan(&some).Error
	if err != nil {
		return false, fmt.Errorf("look for consents: %w", err)
	}
	return some, nil
}

func decode(raw json.RawMessage, into any) error {
	if err := json.Unmarshal(raw, into); err != nil {
		return errors.Join(errors.New("read privacy request"), err)
	}
	return nil
}
