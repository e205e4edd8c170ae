package simulator

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"net/textproto"
	"strings"
	"sync"
	"time"
)

// Bounds of the mail server.
const (
	mailSize     = 1 << 20
	mailPatience = 2 * time.Minute // of one conversation
)

// mailServer is a small SMTP server (RFC 5321) on a port of its own: EHLO, AUTH PLAIN, MAIL, RCPT, DATA,
// RSET, NOOP, QUIT. What it takes stands in the outbox. It offers no encryption: it listens on loopback
// only.
type mailServer struct {
	*Server
	listener net.Listener

	mu   sync.Mutex
	open map[net.Conn]bool
}

func newMailServer(s *Server) (*mailServer, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen for mail: %w", err)
	}
	return &mailServer{Server: s, listener: l, open: map[net.Conn]bool{}}, nil
}

// MailAddr is where the mail server listens.
func (s *Server) MailAddr() string { return s.mail.listener.Addr().String() }

// serve takes connections until close.
func (m *mailServer) serve(ctx context.Context) {
	for {
		conn, err := m.listener.Accept()
		if err != nil {
			return // closed
		}
		m.keep(conn, true)
		m.running.Add(1)
		go func() {
			defer m.running.Done()
			defer m.keep(conn, false)
			m.receive(ctx, conn)
		}()
	}
}

func (m *mailServer) keep(conn net.Conn, open bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if open {
		m.open[conn] = true
		return
	}
	delete(m.open, conn)
	_ = conn.Close() // the caller may have gone first
}

// close ends every conversation.
func (m *mailServer) close() error {
	err := m.listener.Close()
	if errors.Is(err, net.ErrClosed) {
		err = nil // closed twice
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for conn := range m.open {
		_ = conn.Close() // its own end closes it again
	}
	return err
}

// envelope is a mail as its conversation describes it.
type envelope struct {
	loggedIn bool
	from     string
	to       []string
}

// receive holds one conversation. A fault answers in the server's place.
func (m *mailServer) receive(ctx context.Context, conn net.Conn) {
	_ = conn.SetDeadline(time.Now().Add(mailPatience)) // a closed connection shows at the first read
	now := m.faults.of("mail")
	if m.disturbed(ctx, conn, now) {
		m.note("CONNECT", 0, nil)
		return
	}
	t := textproto.NewConn(conn)
	say := func(format string, args ...any) bool { return t.PrintfLine(format, args...) == nil }
	if !say("220 localhost ESMTP stand-in") {
		return
	}
	var e envelope
	for {
		line, err := t.ReadLine()
		if err != nil {
			return
		}
		verb, rest, _ := strings.Cut(line, " ")
		switch verb = strings.ToUpper(verb); verb {
		case "QUIT":
			say("221 2.0.0 Bye")
			return
		case "DATA":
			m.data(t.Reader.R, &e, now.mode, say)
		default:
			m.command(verb, rest, &e, say)
		}
	}
}

// command answers what is no message.
func (m *mailServer) command(verb, rest string, e *envelope, say func(string, ...any) bool) {
	switch verb {
	case "EHLO":
		say("250-localhost\r\n250-8BITMIME\r\n250-SIZE %d\r\n250 AUTH PLAIN", mailSize)
	case "HELO", "NOOP":
		say("250 2.0.0 OK")
	case "RSET":
		e.from, e.to = "", nil
		say("250 2.0.0 OK")
	case "AUTH":
		if e.loggedIn = m.mayLogIn(rest); !e.loggedIn {
			m.note("AUTH", 535, nil)
			say("535 5.7.8 Authentication credentials invalid")
			return
		}
		say("235 2.7.0 Authentication successful")
	case "MAIL":
		if !e.loggedIn && m.cfg.MailPassword != "" {
			say("530 5.7.0 Authentication required")
			return
		}
		e.from, e.to = bracketed(rest), nil
		say("250 2.1.0 OK")
	case "RCPT":
		if to := bracketed(rest); e.from == "" || !strings.Contains(to, "@") {
			say("553 5.1.3 The address is not valid")
		} else {
			e.to = append(e.to, to)
			say("250 2.1.5 OK")
		}
	default:
		say("502 5.5.1 Command not implemented")
	}
}

// data takes the message, or plays the fault that a server has by then.
func (m *mailServer) data(r *bufio.Reader, e *envelope, mode string, say func(string, ...any) bool) {
	if len(e.to) == 0 {
		say("503 5.5.1 No recipients")
		return
	}
	say("354 End data with <CR><LF>.<CR><LF>")
	raw, err := io.ReadAll(io.LimitReader(textproto.NewReader(r).DotReader(), mailSize))
	if err != nil {
		return
	}
	status, words := 250, "2.0.0 OK: queued"
	switch mode {
	case "429":
		status, words = 451, "4.7.1 Too many messages, try again later"
	case "500":
		status, words = 554, "5.3.0 Transaction failed"
	}
	m.note("DATA", status, seen(*e, raw))
	e.from, e.to = "", nil
	say("%d %s", status, words)
}

// disturbed plays what keeps a conversation from beginning, and tells whether it did.
func (m *mailServer) disturbed(ctx context.Context, conn net.Conn, now fault) bool {
	wait := func(d time.Duration) {
		timer := time.NewTimer(d)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-now.changed:
		case <-ctx.Done():
		}
	}
	switch now.mode {
	case "down":
		return true
	case "hang":
		wait(mailPatience)
		return true
	case "slow":
		wait(slowBy)
		return false
	case "garbage":
		_, _ = conn.Write([]byte("<html>\x00not what you\r\n")) // the caller may be gone
		return true
	default:
		return false
	}
}

// mayLogIn judges the initial response of AUTH PLAIN.
func (m *mailServer) mayLogIn(rest string) bool {
	method, encoded, _ := strings.Cut(rest, " ")
	said, err := base64.StdEncoding.DecodeString(encoded)
	parts := strings.Split(string(said), "\x00")
	return strings.EqualFold(method, "PLAIN") && err == nil && len(parts) == 3 &&
		parts[1] == m.cfg.MailUser && parts[2] == m.cfg.MailPassword
}

// bracketed is the address of a MAIL or RCPT command.
func bracketed(rest string) string {
	_, after, _ := strings.Cut(rest, "<")
	address, _, _ := strings.Cut(after, ">")
	return address
}

func (m *mailServer) note(verb string, status int, body any) {
	raw, err := json.Marshal(body)
	if err != nil {
		raw = []byte("null")
	}
	m.outbox.add(received{m.cfg.Clock.Machine(), "mail", verb, "smtp://" + m.listener.Addr().String(), status, raw})
}

// letter is a mail as a person would see it.
type letter struct {
	From      string   `json:"from"`
	To        []string `json:"to"`
	Subject   string   `json:"subject"`
	Text      string   `json:"text"`
	MessageID string   `json:"message_id"`
}

// seen reads a message; what cannot be read is shown as it came.
func seen(e envelope, raw []byte) letter {
	l := letter{From: e.from, To: e.to, Text: strings.ToValidUTF8(string(raw), "\uFFFD")}
	msg, err := mail.ReadMessage(strings.NewReader(string(raw)))
	if err != nil {
		return l
	}
	l.MessageID = msg.Header.Get("Message-ID")
	if l.Subject, err = (&mime.WordDecoder{}).DecodeHeader(msg.Header.Get("Subject")); err != nil {
		l.Subject = msg.Header.Get("Subject")
	}
	kind, params, err := mime.ParseMediaType(msg.Header.Get("Content-Type"))
	if err != nil || !strings.HasPrefix(kind, "multipart/") {
		return l
	}
	if text, err := plainPart(multipart.NewReader(msg.Body, params["boundary"])); err == nil {
		l.Text = text
	}
	return l
}

func plainPart(parts *multipart.Reader) (string, error) {
	for {
		part, err := parts.NextRawPart()
		if err != nil {
			return "", err
		}
		if !strings.HasPrefix(part.Header.Get("Content-Type"), "text/plain") {
			continue
		}
		var body io.Reader = part
		if strings.EqualFold(part.Header.Get("Content-Transfer-Encoding"), "quoted-printable") {
			body = quotedprintable.NewReader(part)
		}
		text, err := io.ReadAll(body)
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
			return "", err
		}
		return strings.ReplaceAll(string(text), "\r\n", "\n"), nil
	}
}
