package simulator

import (
	"encoding/json"
	"fmt"
	"net/http"
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
	limit, refusal := c.limit()
	if refusal != nil {
		return nil, refusal
	}
	skipping := c.form.Get("starting_after")
	page, more := []object{}, false
	for _, e := range slices.Backward(a.events) {
		switch {
		case skipping != "":
			if e.ID == skipping {
				skipping = ""
			}
		case c.form.Get("type") != "" && e.Type != c.form.Get("type"):
		case len(page) == limit:
			more = true
		default:
			page = append(page, e.wire())
		}
	}
	return object{"object": "list", "url": "/v1/events", "has_more": more, "data": page}, nil
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
