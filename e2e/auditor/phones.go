package auditor

import (
	"maps"
	"slices"
	"strings"
)

// phones holds each phone against the conversation that is written down.
func (a *audit) phones() {
	written := map[string][]message{}
	for _, m := range a.ours.messages {
		written[m.Phone] = append(written[m.Phone], m)
	}
	all := slices.Collect(maps.Keys(a.theirs.Phones))
	for phone := range written {
		if _, known := a.theirs.Phones[phone]; !known {
			all = append(all, phone)
		}
	}
	for _, phone := range slices.Sorted(slices.Values(all)) {
		a.heard(phone)
		a.answered(phone, written[phone])
		a.shown(phone, written[phone])
	}
}

// heard: whatever a phone has sent came in and was dealt with.
func (a *audit) heard(phone string) {
	for _, b := range a.theirs.Phones[phone] {
		if b.Direction != "in" {
			continue
		}
		switch a.ours.heard[b.ID] {
		case "":
			a.add(NoMessageLost, phone, "wrote %s at %s, and we never stored it; look for its webhook in the logs", b.ID, b.At.Format("15:04:05"))
		case "waits":
			a.add(EachAnswered, phone, "wrote %s at %s, and it still waits; look for the job inbox.event of it", b.ID, b.At.Format("15:04:05"))
		case "failed":
			a.add(EachAnswered, phone, "wrote %s at %s, and dealing with it has failed; look at its event's failures", b.ID, b.At.Format("15:04:05"))
		}
	}
}

// answered: something was said after whatever the assistant has dealt with. Several messages may be answered as one.
func (a *audit) answered(phone string, written []message) {
	for _, m := range slices.Backward(written) {
		switch {
		case m.Direction == "out":
			return
		case m.Status == "handled" && !m.Person:
			a.add(EachAnswered, phone, "message %s was dealt with, and nothing was said after it; look at the turn that took it", m.ID)
			return
		}
	}
}

// shown: what we say we have sent is what the phone shows, each once and in order.
func (a *audit) shown(phone string, written []message) {
	var sent []string
	ours := map[string]message{}
	for _, m := range written {
		switch {
		case m.Direction != "out":
		case m.Status == "sent" || m.Status == "delivered" || m.Status == "read":
			sent, ours[m.ProviderID] = append(sent, m.ProviderID), m
		case m.Status != "suppressed":
			a.add(NothingUnsent, phone, "message %s (%s) is %s; look at notify.flush of its conversation", m.ID, m.Class, m.Status)
		}
	}
	var arrived []string
	there := map[string]bool{}
	for _, b := range a.theirs.Phones[phone] {
		if b.Direction != "out" {
			continue
		}
		arrived = append(arrived, b.ID)
		if _, known := ours[b.ID]; !known {
			a.add(EachSentOnce, phone, "shows %s of %s, which no message of ours stands for: it was sent twice, or its answer was lost", b.ID, b.At.Format("15:04:05"))
		}
		if there[b.ID] {
			a.add(EachSentOnce, phone, "shows %s twice", b.ID)
		}
		there[b.ID] = true
	}
	whole := true
	for _, id := range sent {
		if !there[id] {
			whole = false
			a.add(EachSentOnce, phone, "never got message %s, which we believe is %s as %s", ours[id].ID, ours[id].Status, id)
		}
	}
	if whole && len(arrived) == len(sent) && !slices.Equal(arrived, sent) {
		a.add(InOrder, phone, "shows %s, and we meant %s", strings.Join(arrived, " "), strings.Join(sent, " "))
	}
}
