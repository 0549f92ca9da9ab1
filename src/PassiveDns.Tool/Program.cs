using PassiveDns.Tool.Commands;
using PassiveDns.Tool.Output;

using Terminal terminal = Terminal.OfProcess();
return await PdnsCommand.RunAsync(args, terminal);
