package chat

import (
	"context"
	"time"

	"frontdesk/internal/customers"
	"frontdesk/models"
)

// facts gathers what Step may know about this customer, under the conversation's lock.
func (c *Clerk) facts(ctx context.Context, s salon, conv models.Conversation, person customers.Person, state State) (Facts, error) {
	f := Facts{
		Now: c.Clock.Now().In(s.policies.Zone()), Policies: s.policies, Menu: s.menu, FAQs: s.faqs, Hours: s.hours, Opening: s.opening,
		PrivacyURL: s.policies.PrivacyURL, Profile: person.ProfileName,
	}
	if person.Customer != nil {
		f.Shopper = &person.Customer.ID
		if person.Customer.Named() {
			f.Customer = person.Customer
		}
	}
	if f.PrivacyURL == "" {
		f.PrivacyURL = c.BaseURL() + "/privacy"
	}
	if f.Customer == nil {
		return f, nil
	}
	if offered := state.offered(); len(offered) > 0 {
		var err error
		if f.Gone, err = c.Diary.Gone(ctx, conv.ID, state.movingID(), offered); err != nil {
			return f, err
		}
	}
	return f, c.visits(ctx, conv, &f)
}

// consultMemory is how long after a free consultation it is mentioned to a customer who comes back (S08).
const consultMemory = 7 * 24 * time.Hour

// visits adds the live hold, its link and the visits that stand.
func (c *Clerk) visits(ctx context.Context, conv models.Conversation, f *Facts) error {
	visits, hold, err := c.Diary.Standing(ctx, f.Customer.ID, conv.ID, f.Now.Add(-consultMemory))
	if err != nil {
		return err
	}
	f.Visits, f.Consulted, f.Hold, f.Link, f.Party, f.Failures = nil, nil, hold, nil, nil, 0
	f.Near = nearby(visits, f.Now)
	for _, v := range visits {
		switch {
		case stands(v) && v.EndsAt.After(f.Now):
			f.Visits = append(f.Visits, v)
		case v.TotalMinor == 0:
			f.Consulted = &v
		}
	}
	if f.Hold == nil {
		return nil
	}
	if f.Hold.GroupID != nil {
		if f.Party, err = c.Diary.Group(ctx, *f.Hold.GroupID); err != nil {
			return err
		}
		f.Hold = &f.Party[0]
	}
	payments, err := c.Till.OfAppointments(ctx, []models.ID{f.Hold.ID})
	if err != nil {
		return err
	}
	for _, p := range payments[f.Hold.ID] {
		if p.FailedAt != nil {
			f.Failures++
		}
		if p.State == models.PaymentOpen && p.URL != "" {
			f.Link = &p
		}
	}
	return nil
}
