-- SPDX-License-Identifier: EUPL-1.2
-- Mail that comes in: how far each city's mailbox was read, what was taken
-- out of it, and the tokens by which an answer finds what it is about.

-- `source` is a hash of server, user and folder: another mailbox begins anew.
create table stadtkern.mailbox (
	tenant_id	int not null primary key,
	source		text not null,
	uidvalidity	bigint,
	last_uid	bigint not null default 0,
	next_at		timestamptz not null default now(),
	leased_until	timestamptz,
	lease		uuid,
	failures	int not null default 0,
	-- Of the message that is next: one that ends its reader is set aside.
	tries		int not null default 0,
	error		text,			-- a code
	read_at		timestamptz
);
create index mailbox_due on stadtkern.mailbox (next_at);
select stadtkern.tenant_table('stadtkern.mailbox');
revoke all on stadtkern.mailbox from stadtkern_public, stadtkern_office;
create policy every_tenant on stadtkern.mailbox
    to stadtkern_courier, stadtkern_owner using (true) with check (true);

-- Written in the transaction that makes a ticket of a message, so that no
-- message becomes two. `digest` is of what the message is, whatever number a
-- folder gave it; `settled` is whether the folder knows as well.
create table stadtkern.mail_received (
	tenant_id	int not null,
	source		text not null,
	uidvalidity	bigint not null,
	uid		bigint not null,
	digest		bytea,			-- null: it could not be read
	sender		bytea,			-- keyed hash, for the limits
	kind		text not null check (kind in ('message', 'generated',
			'automatic', 'bounce', 'again', 'unreadable',
			'too-many')),
	settled		boolean not null default false,
	received_at	timestamptz not null default now(),
	primary key (tenant_id, source, uidvalidity, uid)
);
create unique index mail_received_once on stadtkern.mail_received
    (tenant_id, digest) where kind <> 'again';
create index mail_received_sender on stadtkern.mail_received
    (tenant_id, sender, received_at) where sender is not null;
create index mail_received_open on stadtkern.mail_received
    (tenant_id, source, uidvalidity, uid) where not settled;
create index mail_received_at on stadtkern.mail_received
    (tenant_id, received_at);
select stadtkern.tenant_table('stadtkern.mail_received');
revoke all on stadtkern.mail_received
    from stadtkern_public, stadtkern_office;
create policy every_tenant on stadtkern.mail_received
    to stadtkern_courier, stadtkern_owner using (true) with check (true);

-- What a token stands for: a thing of a plugin's and one of those who write
-- about it. Only a hash of the token is kept, and of their address.
create table stadtkern.mail_thread (
	tenant_id	int not null,
	token_hash	bytea not null,
	plugin		text not null,
	thread		uuid not null,
	party		text not null,
	address		bytea not null,
	used_at		timestamptz not null default now(),
	primary key (tenant_id, token_hash)
);
create index mail_thread_used on stadtkern.mail_thread (tenant_id, used_at);
select stadtkern.tenant_table('stadtkern.mail_thread');
revoke all on stadtkern.mail_thread from stadtkern_public, stadtkern_office;

-- Mail that went out, by the hash of its Message-ID.
create table stadtkern.mail_sent (
	tenant_id	int not null,
	message		bytea not null,
	token_hash	bytea not null,
	primary key (tenant_id, message),
	foreign key (tenant_id, token_hash)
	    references stadtkern.mail_thread (tenant_id, token_hash)
	    on delete cascade
);
create index mail_sent_thread on stadtkern.mail_sent (tenant_id, token_hash);
select stadtkern.tenant_table('stadtkern.mail_sent');
revoke all on stadtkern.mail_sent from stadtkern_public, stadtkern_office;
