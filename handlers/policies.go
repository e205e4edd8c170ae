package handlers

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/fault"
	"frontdesk/internal/i18n"
	"frontdesk/internal/settings"
	"frontdesk/internal/staff"
	"frontdesk/models"
	"frontdesk/views/policies"
	"frontdesk/views/ui"
)

const policiesPath = "/console/policies"

// policies lists every policy with its value.
func (s *Server) policies(c *fiber.Ctx) error {
	ctx := c.UserContext()
	zone, err := s.salonZone(ctx)
	if err != nil {
		return err
	}
	read := func(ctx context.Context, q tableQuery) (tablePage, error) { return s.policyRows(ctx, q, zone) }
	around := func(t ui.Table) templ.Component { return policies.List(t, s.policyGroups(c)) }
	return s.table(c, screen{title: "policies.title", room: staff.Policies}, policyTable(ctx), read, around)
}

func policyTable(ctx context.Context) tableSpec {
	states := []ui.Option{
		{Value: "edited", Label: i18n.T(ctx, "policies.edited")}, {Value: "default", Label: i18n.T(ctx, "policies.as_default")},
	}
	return tableSpec{
		ID: "policies", Path: policiesPath, Caption: "policies.caption",
		Columns: []tableColumn{
			{Key: "name", Label: "policies.column.name"}, {Key: "group", Label: "policies.column.group", Optional: true},
			{Key: "value", Label: "policies.column.value"}, {Key: "default", Label: "policies.column.default", Optional: true},
			{Key: "by", Label: "policies.column.by", Optional: true, Hidden: true}, {Key: "at", Label: "policies.column.at", Optional: true, Hidden: true},
			{Key: "key", Label: "policies.column.key", Optional: true, Hidden: true},
		},
		Filters: []tableFilter{
			{Key: "group", Label: "policies.column.group", Kind: ui.FilterChips, Options: namedOptions(ctx, "policies.group", settings.Groups()...)},
			{Key: "state", Label: "policies.filter.edited", Kind: ui.FilterChips, Options: states},
		},
		NoMatch: ui.EmptyList{Icon: "search", Title: i18n.T(ctx, "policies.no_match"), Text: i18n.T(ctx, "policies.no_match_text")},
	}
}

func (s *Server) policyRows(ctx context.Context, q tableQuery, zone *time.Location) (tablePage, error) {
	states, err := s.Policies.States(ctx)
	if err != nil {
		return tablePage{}, err
	}
	actors := make([]string, len(states))
	for i, st := range states {
		actors[i] = st.By
	}
	who, err := s.actorNames(ctx, actors)
	if err != nil {
		return tablePage{}, err
	}
	var page tablePage
	for _, st := range states {
		group, state := q.Value("group"), q.Value("state")
		if group != "" && group != string(st.Group) || state != "" && (state == "edited") != st.Edited {
			continue
		}
		p := policyWords(ctx, st, zone, who)
		page.Rows = append(page.Rows, tableRow{Row: ui.Row{URL: policiesPath + "/" + st.Key, Label: p.Name, Cells: []ui.Cell{
			{Text: p.Name, View: policies.Name(p)}, {Text: p.Group}, {Text: p.Value, View: policies.Value(p)}, {Text: p.Default},
			{Text: p.By}, {Text: p.When}, {Text: st.Key, Code: true},
		}}})
	}
	return page, nil
}

// policyGroups are the groups whose policies this person may change together.
func (s *Server) policyGroups(c *fiber.Ctx) []policies.Group {
	ctx := c.UserContext()
	if !s.mayChange(ctx, staff.Policies) {
		return nil
	}
	var out []policies.Group
	for _, g := range settings.Groups() {
		if len(ofGroup(g)) > 1 {
			out = append(out, policies.Group{Name: i18n.T(ctx, "policies.group."+string(g)), URL: policiesPath + "/groups/" + string(g) + "/change"})
		}
	}
	return out
}

// ofGroup are the policies that are changed together: grave ones are changed alone.
func ofGroup(g settings.Group) []settings.Policy {
	return slices.DeleteFunc(settings.All(), func(p settings.Policy) bool { return p.Group != g || p.Grave })
}

// mayChange tells whether whoever asks may act in a room.
func (s *Server) mayChange(ctx context.Context, room staff.Room) bool {
	v, _ := VisitorOf(ctx)
	_, may := s.Staff.Can(v.Role, room, staff.ToAct)
	return may
}

func (s *Server) salonZone(ctx context.Context) (*time.Location, error) {
	p, err := s.Policies.Policies(ctx)
	return p.Zone(), err
}

// policy is the page of one policy.
func (s *Server) policy(c *fiber.Ctx) error {
	ctx := c.UserContext()
	st, err := s.policyState(ctx, c.Params("key"))
	if err != nil {
		return err
	}
	past, err := s.Policies.History(ctx, st.Key)
	if err != nil {
		return err
	}
	zone, err := s.salonZone(ctx)
	if err != nil {
		return err
	}
	actors := []string{st.By}
	for _, p := range past {
		actors = append(actors, p.Actor)
	}
	who, err := s.actorNames(ctx, actors)
	if err != nil {
		return err
	}
	page := policies.Page{Policy: policyWords(ctx, st, zone, who), May: s.mayChange(ctx, staff.Policies), URL: policiesPath + "/" + st.Key}
	for i, p := range past {
		entry := policies.Past{
			At: p.At.In(zone), Who: who(p.Actor), Reason: p.Reason, Was: valueOf(ctx, st.Policy, p.Was), Is: valueOf(ctx, st.Policy, p.Is),
		}
		if i > 0 && p.Is != nil && page.May && fmt.Sprint(p.Is) != fmt.Sprint(st.Value) {
			entry.Restore = page.URL + "/restore/" + strconv.FormatInt(p.ID, 10)
		}
		page.Past = append(page.Past, entry)
	}
	return s.page(c, screen{title: "policies.title", room: staff.Policies}, policies.One(page))
}

func (s *Server) policyState(ctx context.Context, key string) (settings.State, error) {
	states, err := s.Policies.States(ctx)
	if err != nil {
		return settings.State{}, err
	}
	i := slices.IndexFunc(states, func(st settings.State) bool { return st.Key == key })
	if i < 0 {
		return settings.State{}, fault.NotFound("settings.unknown")
	}
	return states[i], nil
}

// policyWords is a policy as pages write it.
func policyWords(ctx context.Context, st settings.State, zone *time.Location, who func(string) string) policies.Policy {
	p := policies.Policy{
		Key: st.Key, Name: i18n.T(ctx, "policies.key."+st.Key), Meaning: i18n.T(ctx, "policies.meaning."+st.Key),
		Group: i18n.T(ctx, "policies.group."+string(st.Group)), Value: valueOf(ctx, st.Policy, st.Value),
		Default: valueOf(ctx, st.Policy, st.Default), Edited: st.Edited, Limits: limitsOf(ctx, st.Policy),
		Reach: i18n.T(ctx, "policies.reach."+string(st.Reach)),
	}
	if st.By != "" {
		p.By, p.When = who(st.By), ui.Moment(ctx, st.At.In(zone))
	}
	return p
}

// valueOf writes a value of a policy in words: "30 minutes", "On".
func valueOf(ctx context.Context, p settings.Policy, value any) string {
	switch v := value.(type) {
	case int:
		return i18n.N(ctx, "policies.value."+p.Unit, v)
	case bool:
		return i18n.T(ctx, map[bool]string{true: "policies.value.on", false: "policies.value.off"}[v])
	case models.Text:
		var words []string
		for _, lang := range models.Languages() {
			words = append(words, strings.ToUpper(lang)+": "+v[lang])
		}
		return strings.Join(words, " · ")
	case string:
		return cmp.Or(v, i18n.T(ctx, "policies.value.none"))
	default:
		return ""
	}
}

// limitsOf says what a value may be.
func limitsOf(ctx context.Context, p settings.Policy) string {
	most := any(p.Max)
	if p.Kind == settings.Number {
		most = valueOf(ctx, p, p.Max)
	}
	var choices []string
	for _, n := range p.Choices {
		choices = append(choices, strconv.Itoa(n))
	}
	return i18n.T(ctx, "policies.limits."+string(p.Kind), "Min", p.Min, "Max", most, "Choices", strings.Join(choices, ", "))
}

// actorOf names whoever asks, for the log.
func actorOf(ctx context.Context) string {
	v, _ := VisitorOf(ctx)
	return v.Actor()
}
