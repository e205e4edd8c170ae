package handlers

import (
	"encoding/json"
	"strings"
	"time"

	"frontdesk/internal/i18n"
	"frontdesk/internal/staff"
	"frontdesk/internal/standins"
	"frontdesk/models"
	"frontdesk/views/simulator"
)

// state is what the product believes about the customer, with the ways into the rooms the reader may open.
func (d sceneDrawer) state() simulator.State {
	believed := d.scene.State
	out := simulator.State{Human: believed.HumanMode, Waiting: d.scene.Waiting}
	if p := believed.Customer; p != nil {
		out.Name, out.Language = strings.TrimSpace(p.Name+" "+p.Surname), p.Language
	}
	if row := d.scene.Thread; row != nil {
		out.Stage = stageOf(row.Conversation)
		if d.may(staff.Conversations) {
			out.ConversationURL = "/console/conversations/" + row.Conversation.ID.String()
		}
	}
	for _, v := range believed.Appointments {
		out.Visits = append(out.Visits, d.visit(v))
	}
	for _, k := range believed.Cases {
		one := simulator.Case{ID: k.ID, Reason: k.Reason, Summary: k.Summary, Open: k.Status == string(models.CaseOpen)}
		if d.may(staff.Cases) {
			one.URL = "/console/cases/" + k.ID
		}
		out.Cases = append(out.Cases, one)
	}
	return out
}

func (d sceneDrawer) may(room staff.Room) bool {
	v, _ := VisitorOf(d.ctx)
	_, may := d.server.Staff.Can(v.Role, room, staff.ToRead)
	return may
}

// stageOf is what the assistant asked last, as its saved state says.
func stageOf(conv models.Conversation) string {
	var saved struct {
		Stage string `json:"stage"`
	}
	if json.Unmarshal(conv.State, &saved) != nil {
		return "" // nothing was saved yet
	}
	return saved.Stage
}

func (d sceneDrawer) visit(v standins.Visit) simulator.Visit {
	out := simulator.Visit{
		ID: v.ID, Title: d.title(v), Stylist: d.stylist(v.Stylist), For: v.ForName, Status: models.AppointmentStatus(v.Status),
		StartsAt: v.StartsAt.In(d.zone), EndsAt: v.EndsAt.In(d.zone), Total: v.TotalMinor, Deposit: v.DepositMinor,
		Currency: d.policies.Currency, DepositState: v.DepositState,
	}
	if v.HoldExpiresAt != nil {
		out.HoldUntil = v.HoldExpiresAt.In(d.zone)
	}
	if d.may(staff.Diary) {
		out.URL = link("/console/diary", "day", out.StartsAt.Format(time.DateOnly), "visit", v.ID)
	}
	return out
}

// title is what a visit consists of, in the reader's language.
func (d sceneDrawer) title(v standins.Visit) string {
	lang := i18n.From(d.ctx).Language
	if pack, ok := d.menu.Pack(v.Pack); ok {
		return pack.Names.In(lang)
	}
	names := make([]string, 0, len(v.Services))
	for _, code := range v.Services {
		name := code
		if service, ok := d.menu.Service(code); ok {
			name = service.Names.In(lang)
		}
		names = append(names, name)
	}
	return strings.Join(names, " + ")
}

// stylist is a stylist's name in the reader's language; the stand-ins say it in English.
func (d sceneDrawer) stylist(name string) string {
	for _, st := range d.menu.Stylists {
		if st.Names.In(models.English) == name {
			return st.Names.In(i18n.From(d.ctx).Language)
		}
	}
	return name
}
