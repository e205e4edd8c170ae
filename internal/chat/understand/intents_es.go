package understand

// spanishIntents are the wordings of each intent.
var spanishIntents = []entry[Intent]{
	{Yes, `
		^ si !puede|puedes|pueden|podria|podrias|pudiera|pudieras|pudiese|es|hay|tienes|teneis|tienen|fuera|no|te|os|hubiera|tuvieras|tuvierais|quieres|quereis|se|cancelo|anulo|llego
		^ sii|sip|sep|sips|sisi|simon|aja
		^ vale|venga|dale|ok|okay|okey|oki|okis|okei|va|orale|sale|hecho|listo
		^ claro|perfecto|perfecta|genial|estupendo|estupenda|fenomenal|fantastico|exacto|exactamente|correcto|efectivamente|adelante|guay|ideal|maravilloso|bueno|super|encantada|encantado
		^ bien $
		muy|esta|todo bien|perfecto|genial|estupendo
		me parece bien|perfecto|genial|estupendo|estupendamente
		suena|pinta bien|perfecto|genial
		me va|viene|queda bien|perfecto|genial|de|estupendamente
		claro que si
		claro que !no
		por supuesto
		desde luego
		de acuerdo
		como no
		me sirve|apunto|vale
		lo|la|el|ese|esa|me cojo|tomo|reservo
		me lo|la cojo|tomo|reservo|llevo
		me lo|la quedo
		me quedo con
		hazlo|hagamoslo|reservalo|reservala|reservame|reservamelo|confirmalo|apuntame|cogelo|ponme
		^ confirmo|confirmado|confirmada|confirma|acepto
		^ soy yo
		si soy yo
		^ la|el misma|mismo !dia|hora|sitio|precio
		^ asi|eso es
		^ eso|esa|ese $
		ese|esa|eso soy|me yo|vale|va
		no hay problema
		no pasa nada
		sin problema|duda
		te lo agradeceria
		que si
		cuenta conmigo`},
	{No, `
		^ no me interesa|apetece|convence
		^ no quiero|necesito|lo $
		^ no lo? quiero|necesito
		^ nop|nope|nah|nanai|naa|nel|negativo|nunca|jamas|tampoco
		^ no|nada gracias
		mejor|prefiero|creo|pues que? no
		para nada
		en absoluto
		^ que va
		claro que no
		por supuesto que no
		de momento no
		por ahora no
		ahora|hoy no $
		esta vez no $
		no hace falta
		no es mi nombre|correcto|asi|eso|ese|esa
		no me llamo
		^ ninguno|ninguna
		^ incorrecto|equivocado|error $`},
	{Nothing, `
		^ si no
		cita previa
		horario de reserva
		^ vale|bueno aunque
		peluca de pelo humano
		pelo humano
		extensiones de pelo humano
		politica|condiciones|plazo|gastos|coste de cancelacion|anulacion|cancelaciones`},
	{Greeting, `
		^ hola|holaa|holi|holis|ola|buenas|buenos|saludos|wenas|hey
		buenos dias
		buen dia
		buenas tardes|noches
		muy buenas`},
	{Thanks, `
		gracias|grax|grcs|graciass|grasias
		muchas|mil gracias
		te|lo|os lo? agradezco
		muy amable`},
	{Goodbye, `
		^ adios|chao|chau|agur
		adios|chao $
		hasta luego|pronto|manana|entonces|la|otra|el
		nos vemos
		que tengas|tengais|pases|vaya buen|bien|bonito|un
		buen fin|finde|dia $
		cuidate|cuidaos
		un saludo|abrazo`},
	{Person, `
		^ una|un|con? persona|humano|humana|agente|operador|operadora|encargada|encargado|recepcionista|recepcion|dependienta|responsable $
		persona|alguien|humano|gente de? real|humana|humano|verdad|carne
		alguien del|de equipo|salon|peluqueria|carne
		hablar|hablo|habla|hable|chatear|contactar|comunicarme|comunicar|escribir|charlar con una|un|el|la|alguna|algun|vuestra|otra? persona|humano|alguien|agente|operador|operadora|encargada|encargado|recepcionista|recepcion|responsable|empleada|companera|gerente|duena|dueno|jefa|jefe|asesor|asesora|equipo|trabajador
		quiero|necesito|prefiero|ponme|paseme|pasame|pasarme|ponerme|pasadme|comunicame|comunicarme|puedo|conectame|dame * con? una|un|el|la|algun|alguna? persona|humano|humana|agente|operador|operadora|encargada|encargado|recepcionista|responsable|gerente
		atencion al cliente
		atencion|agente|asistente|operador|trato humana|humano|personalizada|personal
		no quiero|con|un hablar? con? un|una? bot|robot|maquina
		me|nos puede|puedes|podeis|pueden llamar alguien?
		llamadme|llamame por|al
		^ llamadme|llamame $
		que me llame|llamen|atienda|atiendan alguien|una?
		hay alguien ahi|real|humano
		una persona por|que|real`},
	{Cancel, `
		cancel%
		anul%
		desanul%
		borra|borrad|quita|quitad|elimina|quitame|borrame mi|la|el|esa|de cita|reserva|hora|turno|visita
		ya no quiero|voy|puedo|necesito|ire|vamos la|a|ir|cita?
		dar|doy|dame de baja la|mi cita|reserva|hora`},
	{Move, `
		reprogram%
		aplaz%
		pospon%
		retrasar|adelantar|mover|cambiar|pasar|trasladar|correr|modificar mi|la|el|esa|nuestra|de * cita|reserva|visita|hora|turno|fecha|dia
		muev%|cambia|cambiame|cambiad|cambiadme mi|la|el|de cita|reserva|visita|hora|turno|dia|fecha
		pasa|pasame|pasad mi|la|el cita|reserva|visita|hora|turno
		pasala|pasarla|moverla|moverlo|cambiarla|cambiarlo|muevela|muevemela|aplazarla|adelantarla|retrasarla|pasadla|movedla
		cambiar|cambio de hora|dia|fecha|cita`},
	{Delay, `
		llego|llegare|llegaremos|llegar|llegando|voy|ire|vamos|estare|llegamos * tarde|retraso|retrasada|retrasado
		me|nos|se retraso|retrasare|retrasamos|demoro|demorare|atraso|atrasare
		retraso|retrasada|retrasado|demora|atasco|trafico
		voy|estoy de|en camino
		<n> minutos|min|mins tarde
		en|dentro de? <n> minutos|min
		pillada|pillado|atascada|atascado|trafico`},
	{Duration, `
		cuanto|que tiempo
		cuanto|cuanta dura|tarda|tardan|tardais|duran|tardaria|durara|tardariais
		duracion
		cuantos|cuantas minutos|horas`},
	{Price, `
		precio|precios|tarifa|tarifas|coste|costes|presupuesto
		cuanto|cuánto|que|q|cuanta cuesta|cuestan|vale|valen|es|sale|salen|costaria|seria|cobrais|cobras|cobran|valdria|me
		cuanto|que tengo|hay|debo|toca que? pagar|abonar|poner
		cuanto pago|pagaria|pagare
		a como|cuanto
		por cuanto
		lista de precios
		barato|barata|caro|cara|ahorro
		cuanto $`},
	{Complaint, `
		inutil|inutiles|incompetente|incompetentes|estafa|estafadores|ladrones|sinvergüenzas|chapuza
		queja|quejarme|reclamacion|reclamar|reclamo|quejas
		fatal|horrible|pesimo|pesima|desastre|inaceptable|vergüenza|indignante|asco|decepcionada|decepcionado|decepcion|enfadada|enfadado
		no estoy contenta|contento|satisfecha|satisfecho|conforme
		devolvedme|devolvais|devuelvan|devuelvame|devuelveme
		me han|habeis|ha dejado|estropeado|quemado|destrozado
		muy|fatal|tan mal servicio|trato|atendida
		hoja|hojas de reclamaciones`},
	{PaymentProblem, `
		enlace|link|pago|tarjeta|pagina|web|banco|transaccion|cobro * falla|fallado|fallo|fallido|fallando|error|caducado|caduco|rechazado|rechazada|denegado|denegada|roto|rechaza|invalido|bloqueado|expirado|caido
		enlace|link|pago|tarjeta|pagina|web * no|sin * funciona|funcionan|va|abre|carga|deja|pasa|sirve|funcionado|entra|permite|acepta|funcionando|responde
		no me|se|nos|puedo|consigo|logro|deja|he? funciona|abre|carga|deja|puedo|va|pasa|acepta|permite|entra|sirve * enlace|link|pagar|pago|tarjeta|pagina
		no me|nos? funciona|abre|carga|furula $
		no me deja
		sigue|continua sin funcionar|abrir|cargar|ir|dejarme
		no puedo|consigo|logro|he|hemos|pude|podido pagar|podido|abrir|hacer|completar
		mismo|otro problema|error|fallo
		otra vez|sigue el|lo|con? mismo|igual|fallando|error|problema|sin
		problema|problemas|error|fallo|lio con|en|al|de el|la? pago|pagar|enlace|link|tarjeta|bizum
		da|sale|dando|aparece error|fallo|un
		me ha|han|la rechazado|denegado|rechaza|rechazan|deniega`},
	{PaidClaim, `
		he|hemos pagado|abonado|transferido
		he|hemos hecho|realizado * pago|deposito|transferencia|bizum
		ya lo|la|esta|he|te|os? pague|pagado|pagada|abonado|abone|pago
		pague|abone ya|el|la|hace|anoche|ayer
		pago|deposito|transferencia hecho|realizado|hecha|realizada|completado
		^ pagado|pague|pagada $
		acabo de pagar|abonar|hacer`},
	{SendLink, `
		manda%|envia%|envi%|reenvi%|pasame|pasa|pasas|pasadme|mande|mandame|dame|comparte|compart% * enlace|link|url
		enlace|link otra|de vez|nuevo
		otro|nuevo enlace|link
		donde|cual esta|es|veo * enlace|link
		no me|he|lo|encuentro|veo * llegado|llega|recibido|encuentro|enlace|link * enlace|link
		no me ha|han llegado|llega|mandado
		he perdido|borrado el? enlace|link
		necesito|quiero|falta|perdi * enlace|link
		^ el? enlace|link de? pago? $`},
	{SwitchLanguage, `
		en español|castellano
		español|castellano por|pls|please
		^ español|castellano|spanish $
		hablas|habla|hablais|hablar|hablame|hablemos|contesta|responde|escribeme|puedes * español|castellano
		prefiero|mejor el|en? español|castellano
		in spanish
		spanish please|pls
		to spanish
		speak|talk in? spanish
		بالاسباني|بالاسبانيه|اسباني
		باللغه? الاسبانيه`},
	{Stop, `
		^ stop|parar|baja $
		dar|darme|dame|dadme|doy de baja
		no me? mandes|mandeis|escribas|escribais|envies|envieis|quiero|molestes|escriban|envien mas|mensajes|recibir
		dejad|deja|dejen de escribirme|escribir|mandar|mandarme|enviar|enviarme|molestar
		no quiero recibir|mas mensajes|recibir?`},
	{Start, `
		^ alta|start|empezar $
		darme|dame|dadme de alta
		volver a recibir`},
	{Usual, `
		lo|la|el de siempre
		como siempre
		lo|el|la mismo|misma de|que|otra siempre|vez|ultima|la|anterior|antes
		lo habitual|mismo
		mi|lo|el habitual
		lo que me hago|hice|suelo|hacemos
		igual que la|siempre|otras ultima|vez|veces?`},
	{ThirdParty, `
		para mi madre|padre|mama|papa|hermana|hermano|hija|hijo|marido|mujer|esposa|esposo|novia|novio|pareja|amiga|amigo|tia|tio|prima|primo|abuela|abuelo|suegra|sobrina|cuñada|jefa|nieta|compañera
		para una|un|otra amiga|amigo|persona|familiar|conocida|compañera
		para ella|el|otra $
		de parte de
		mi madre|hermana|hija|hijo|marido|mujer|amiga|padre|mama quiere|necesita|querria`},
	{Group, `
		mi|una|mis madre|hija|hermana|amiga|marido|hijo|mama|pareja|amigas|prima|novia|novio|mujer y yo
		yo y|con mi|una|mis
		con|y mi|una madre|hija|hermana|amiga|mama|prima tambien|las|a|juntas
		somos|seriamos <n>
		para <n> personas|amigas|chicas
		para|venimos|vamos dos|tres personas|amigas|chicas
		las|los dos|tres juntas|juntos
		nosotras|nosotros dos|tres|dos
		reserva|reservanos|a ambas|nos|juntas
		<n> personas|amigas|chicas
		juntas|juntos
		grupo`},
	{Correction, `
		queria|quise decir
		quiero decir
		me referia|refiero
		perdon|no|bueno|mejor|espera digo|es|el|la|queria
		en vez|lugar $
		me he equivocado|confundido|liado
		me equivoque|confundi
		me lo he? pensado mejor
		he cambiado de idea|opinion
		cambio de idea|opinion
		mejor|prefiero el|la|los|las|a|por|que !de
		o mejor|sea
		corrijo|rectifico|correccion
		en realidad`},
	{Undecided, `
		dudo|dudando|indecisa|indeciso
		tengo|tenia|con la|una|mis|muchas|algunas? duda|dudas !sobre|del|con|de
		duda|dudas entre|sobre|que|cual
		no estoy segura|seguro entre|de|si|sobre que|cual|hacerme|hacer|el|la|las|los?
		no|ni se|sé que|cual|si|por !hora|dia|fecha|precio
		no me|nos? decido|decidimos|aclaro
		no tengo claro que|cual|si|el|la|lo?
		entre una cosa y
		que|cual|tu|vosotras|ustedes opinas|opinais|opinan|piensas|pensais|crees|creeis|harias|elegirias|elegiriais|cogerias
		que|cual me * pega|favorece|hago|pongo
		que|cual me recomiendas|recomendais|aconsejas|aconsejais|recomienda|sugieres|sugeris|conviene
		recomiend%|aconsej%|recomendacion|sugerencia|consejo
		cual es|seria|me|va mejor|queda
		que|cual es|seria|me mejor|va|iria|quedaria
		ayudame|ayudadme|ayuda|ayudas|ayudais a|para? decidir|elegir|decidirme|escoger`},
	{Unsure, `
		no se|sabria|lo|sé
		no lo? se|tengo|sé claro?
		no estoy segura|seguro
		ni|no idea
		duda|dudas`},
	{Decided, `
		sin|no tengo|ninguna? duda|dudas|ninguna
		no hay|cabe|tengo ninguna? duda|dudas
		lo tengo muy? claro|decidido
		tengo muy? claro
		ya|me he|esta|estoy decidido|decidida|segura|seguro
		estoy muy|totalmente|completamente? segura|seguro
		me he|ya decidido|decido
		me decido por
		ya|yo se|sé que|lo|cual`},
	{ListServices, `
		que|cuales * servicios|tratamientos
		lista|carta|catalogo de servicios|tratamientos|precios?
		que haceis|ofreceis|teneis|hacen|ofrecen
		^ servicios|tratamientos|catalogo|carta|menu $
		todos los servicios`},
	{MyBooking, `
		cuando|cual|que|a dia|hora? es|tengo|era|tenia mi|la|una? cita|reserva|visita
		tengo|tenia !que * cita|reserva|hora|visita
		mi|mis proxima|proximas|siguiente|actual cita|citas|reserva|visita
		ver|confirmar|consultar|comprobar|mirar mi|mis|la cita|citas|reserva|reservas
		cuando me toca`},
	{NameCorrection, `
		en realidad me llamo
		me llamo en realidad|verdad
		me llamo realmente
		mi nombre en realidad`},
	{Book, `
		reserv%
		cita|citas|citarme|turno|agendar|agenda|agendame
		pedir|pedirte|coger|cojer|sacar|dar|dame|darme|pillar|concertar * hora|cita|hueco|turno
		hay|teneis|tienes|tendriais|tendrias|queda|quedan|habria|tendrian|tienen|os * hueco|huecos|hora|horas|sitio|libre|libres|disponible|disponibles|disponibilidad|cita|algo
		disponibilidad|hueco|huecos|huequito|huequito
		algo libre|disponible
		apuntarme|apuntame|apuntadme
		me podeis|puedes|podriais|podrias|pueden|puede coger|dar|hacer|atender|poner
		quedar|pasarme|ir el|manana|hoy|por`},
}
