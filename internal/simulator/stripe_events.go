package simulator

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// event is what Stripe tells: the object as it was in that moment.
type event struct {
	ID      string `json:"id"`
	Type    string `json:"type"`
	Created int64  `json:"created"` // business time
	Object  object `json:"object"`
}

// delivery says how an event travels: late, or in several copies at once. The zero value is once,
// at once.
type delivery struct {
	delay  time.Duration
	copies int
}

// emit remembers an event and sends it. Events of one session travel in order; copies race.
func (a *stripe) emit(kind, sessionID string, o object, how delivery) *event {
	e := &event{ID: randomID("evt_1", 23), Type: kind, Created: a.clock.Now().Unix(), Object: o}
	a.events = append(a.events, e)
	a.keep(keptEvent, e.ID, e)
	body, err := json.Marshal(e.wire())
	for i := 0; err == nil && i < max(1, how.copies); i++ {
		lane := "stripe:" + sessionID
		if i > 0 {
			lane += fmt.Sprintf(":%d:%s", i, e.ID)
		}
		err = a.courier.send(parcel{ID: randomID("parcel_", 20), Service: "stripe", Lane: lane, Body: body, Delay: how.delay})
	}
	if err != nil {
		a.cfg.Log.Error("an event could not be sent", "err", err)
	}
	return e
}

// wire is the event as Stripe sends it.
func (e *event) wire() object {
	return object{
		"id": e.ID, "object": "event", "api_version": stripeVersion, "created": e.Created, "type": e.Type,
		"data": object{"object": e.Object}, "livemode": false, "pending_webhooks": 1,
		"request": object{"id": nil, "idempotency_key": nil},
	}
}

func (a *stripe) showEvent(c call) (object, *stripeError) {
	for _, e := range a.events {
		if e.ID == c.id {
			return e.wire(), nil
		}
	}
	return nil, noSuch("event", c.id, "id")
}

// listEvents lists events, newest first, a page at a time.
func (a *stripe) listEvents(c call) (object, *stripeError) {
	kinds := append(c.form["types"], slices.Concat(c.form["types[]"], indexed(c.form, "types"))...)
	if one := c.form.Get("type"); one != "" {
		kinds = append(kinds, one)
	}
	var all []*event
	for _, e := range slices.Backward(a.events) {
		if len(kinds) == 0 || slices.Contains(kinds, e.Type) {
			all = append(all, e)
		}
	}
	// Some are of earlier than when they came into the account.
	slices.SortStableFunc(all, func(e, o *event) int { return cmp.Compare(o.Created, e.Created) })
	return listPage(c, "events", "event", all, func(e *event) (string, int64, object) { return e.ID, e.Created, e.wire() })
}

// indexed are the values of name[0], name[1] …
func indexed(form url.Values, name string) (out []string) {
	for i := 0; form.Has(fmt.Sprintf("%s[%d]", name, i)); i++ {
		out = append(out, form.Get(fmt.Sprintf("%s[%d]", name, i)))
	}
	return out
}

// listPage is a part of a list, newest first, of what was created in the time that is asked for.
func listPage[T any](c call, name, thing string, all []T, show func(T) (id string, created int64, o object)) (object, *stripeError) {
	limit, refusal := c.limit()
	if refusal != nil {
		return nil, refusal
	}
	in, refusal := c.created()
	if refusal != nil {
		return nil, refusal
	}
	behind := c.form.Get("starting_after")
	skipping := behind != ""
	out, more := []object{}, false
	for _, one := range all {
		id, created, o := show(one)
		switch {
		case skipping:
			skipping = id != behind
		case !in(created):
		case len(out) == limit:
			more = true
		default:
			out = append(out, o)
		}
	}
	if skipping {
		return nil, noSuch(thing, behind, "starting_after")
	}
	return object{"object": "list", "url": "/v1/" + name, "has_more": more, "data": out}, nil
}

// created reads between which seconds something must have been created.
func (c call) created() (in func(int64) bool, refusal *stripeError) {
	bounds := map[string]func(created, bound int64) bool{
		"created": func(v, b int64) bool { return v == b }, "created[gte]": func(v, b int64) bool { return v >= b }, "created[gt]": func(v, b int64) bool { return v > b },
		"created[lt]": func(v, b int64) bool { return v < b }, "created[lte]": func(v, b int64) bool { return v <= b },
	}
	var asked []func(int64) bool
	for name, holds := range bounds {
		raw := c.form.Get(name)
		if raw == "" {
			continue
		}
		bound, err := strconv.ParseInt(raw, 10, 64)
		if err != nil {
			return nil, refuse(http.StatusBadRequest, "parameter_invalid_integer", name, "Invalid integer: "+raw)
		}
		asked = append(asked, func(v int64) bool { return holds(v, bound) })
	}
	return func(v int64) bool {
		return !slices.ContainsFunc(asked, func(holds func(int64) bool) bool { return !holds(v) })
	}, nil
}

// limit is how many entries of a list are asked for.
func (c call) limit() (int, *stripeError) {
	raw := c.form.Get("limit")
	if raw == "" {
		return 10, nil
	}
	n, err := strconv.Atoi(raw)
	if err != nil || n < 1 || n > 100 {
		return 0, refuse(http.StatusBadRequest, "parameter_invalid_integer", "limit", "Limit must be between 1 and 100.")
	}
	return n, nil
}
