package auditor

import (
	"fmt"
	"slices"
	"time"

	"frontdesk/internal/calendar"
)

// promises: what somebody was told stands, as they were told.
func (a *audit) promises() {
	carts := map[string]string{}
	for _, o := range a.ours.orders {
		if o.Status == "canceled" || o.Status == "failed" || o.Status == "refunded" {
			continue
		}
		if other := carts[o.Cart]; other != "" {
			a.add(OrderedOnce, o.Number, "and %s are made of one cart, and both stand", other)
		}
		carts[o.Cart] = o.Number
	}
	for _, told := range a.theirs.Told.Orders {
		i := slices.IndexFunc(a.ours.orders, func(o order) bool { return o.ID == told.ID })
		switch {
		case i < 0:
			a.add(PromisesKept, told.Number, "its buyer was told of it, and there is no such order")
		case a.ours.orders[i].TotalMinor != told.TotalMinor:
			a.add(PromisesKept, told.Number, "its buyer was told %s, and it says %s", money(told.TotalMinor), money(a.ours.orders[i].TotalMinor))
		case told.Canceled && a.ours.orders[i].Status != "canceled" && a.ours.orders[i].Status != "refunded": // once its money is back
			a.add(PromisesKept, told.Number, "its buyer was told that it is canceled, and it is %s", a.ours.orders[i].Status)
		}
	}
	for _, told := range a.theirs.Told.Refunds {
		i := slices.IndexFunc(a.ours.refunds, func(r refund) bool { return r.ID == told.ID })
		switch {
		case i < 0:
			a.add(PromisesKept, told.ID, "somebody was told of this refund of %s, and there is none", money(told.AmountMinor))
		case a.ours.refunds[i].AmountMinor != told.AmountMinor:
			a.add(PromisesKept, told.ID, "somebody was told %s, and the refund says %s", money(told.AmountMinor), money(a.ours.refunds[i].AmountMinor))
		case told.Agreed && (a.ours.refunds[i].State == "asked" || a.ours.refunds[i].State == "expired"):
			a.add(PromisesKept, told.ID, "somebody agreed to it and was told so, and it is %s", a.ours.refunds[i].State)
		}
	}
}

// calendars: each visit to come that stands is one entry of its stylist's calendar and of nobody else's, and what does not
// stand is in none.
func (a *audit) calendars() {
	shown := map[string][]string{} // by the entry's id, who shows it
	for stylist, entries := range a.theirs.Calendars {
		for _, e := range entries {
			shown[e.ID] = append(shown[e.ID], stylist)
		}
	}
	for _, v := range a.ours.visits {
		if _, reads := a.theirs.Calendars[v.Stylist]; !reads || !v.StartsAt.After(a.now) {
			continue
		}
		at, there := v.StartsAt.Format(time.RFC3339), shown[calendar.EntryID(v.ID)]
		stands := slices.Contains([]string{"provisional", "confirmed", "reschedule_pending"}, v.Status)
		switch {
		case stands && !slices.Equal(there, []string{v.Stylist}):
			a.add(InCalendar, v.ID.String(), "is %s at %s with %s, and stands in the calendars of %v; look for the job calendar.push of it", v.Status, at, v.Stylist, there)
		case !stands && len(there) > 0:
			a.add(InCalendar, v.ID.String(), "is %s, and its time at %s is still taken in the calendars of %v; look for the job calendar.push of it", v.Status, at, there)
		}
	}
}

// queues: nothing waits, and nothing was given up.
func (a *audit) queues() {
	for _, j := range a.ours.jobs {
		about := fmt.Sprintf("%s %d", j.Kind, j.ID)
		if j.State == "discarded" || j.State == "cancelled" {
			a.add(NoneDead, about, "is %s after %q", j.State, j.Trouble)
		} else {
			a.add(QueuesDrained, about, "is %s; last it said %q", j.State, j.Trouble)
		}
	}
	for _, n := range a.ours.waiting {
		a.add(NoticesDelivered, n, "nobody has it yet")
	}
}
